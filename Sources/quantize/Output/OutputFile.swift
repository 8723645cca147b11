import CPlatform
import Foundation
import SwiftletQuantization

/// A file to write: whole or not at all.
struct OutputFile {
    let path: String

    /// - Throws: when it could not be written anyway, so that nobody waits for a calibration that ends in that.
    init(_ path: String) throws(ToolError) {
        self.path = path
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw .failed("cannot write \(path): not a regular file") }
        let folder = (path as NSString).deletingLastPathComponent
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0 else { throw OutputFile.failure(path, errno) }
    }

    func write(_ bytes: some ContiguousBytes) throws(ToolError) {
        let error = holdingInterruptions { bytes.withUnsafeBytes { sp_write_file(path, $0.baseAddress, $0.count) } }
        guard error == 0 else { throw OutputFile.failure(path, error) }
    }

    private static func failure(_ path: String, _ error: Int32) -> ToolError {
        .failed("cannot write \(path): \(String(cString: sp_error_text(error)))")
    }
}
