import CPlatform
import Foundation
import SwiftletQuantization

/// A file to write: whole or not at all. A symbolic link stays one: the file it leads to is what is replaced.
struct OutputFile {
    let path: String
    private let place: FilePlace

    /// - Throws: when it could not be written anyway, so that nobody waits for a calibration that ends in that.
    init(_ path: String) throws(ToolError) {
        self.path = path
        guard !path.isEmpty, !path.hasSuffix("/") else { throw .failed("cannot write \(path.isEmpty ? "''" : path): not a file's name") }
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw .failed("cannot write \(path): not a regular file") }
        } else if errno != ENOENT {
            throw OutputFile.failure(path, errno)
        }
        guard let place = FilePlace(path) else { throw OutputFile.failure(path, errno) }
        guard access(place.folder, W_OK | X_OK) == 0 else { throw OutputFile.failure(path, errno) }
        self.place = place
    }

    func write(_ bytes: some ContiguousBytes) throws(ToolError) {
        let error = holdingInterruptions { bytes.withUnsafeBytes { sp_write_file(path, $0.baseAddress, $0.count) } }
        guard error == 0 else { throw OutputFile.failure(path, error) }
    }

    /// - Parameters:
    ///   - inputs: files that the run reads, as they are named; those that do not exist are passed over.
    ///   - what: they are, for the message.
    /// - Throws: when writing this file would destroy one of them.
    func mustDiffer(from inputs: some Sequence<String>, _ what: String) throws(ToolError) {
        guard place.exists else { return }
        for input in inputs where FilePlace(input).map({ $0.isSame(as: place) }) ?? false {
            throw .usage("\(path) is \(what) as well: give the output another name")
        }
    }

    /// - Throws: when both are one file, of which only one content would be left.
    func mustDiffer(from other: OutputFile) throws(ToolError) {
        if place.isSame(as: other.place) { throw .usage("\(path) and \(other.path) are the same file: give one another name") }
    }

    private static func failure(_ path: String, _ error: Int32) -> ToolError {
        .failed("cannot write \(path): \(String(cString: sp_error_text(error)))")
    }
}
