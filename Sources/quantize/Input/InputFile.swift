import CPlatform
import Foundation

/// Reads a file once, whole: what is checked, hashed and used is the same bytes.
enum InputFile {
    /// Recipes and the notes beside a model.
    static let largestSettings = 1 << 20
    static let largestPicture = 1 << 30
    static let largestArray = 64 << 30
    /// From here on a file is held against the memory that there is.
    private static let large = 64 << 20

    /// What is read at once where a file is not held.
    private static let part = 1 << 20

    /// - Throws: when it cannot be read, is no regular file (a pipe or a device might never end), or is larger than `most` bytes.
    static func read(_ path: String, atMost most: Int) throws(ToolError) -> [UInt8] {
        let (file, size) = try opened(path)
        defer { close(file) }
        guard size <= most else { throw .badInput("\(path): \(size) bytes, more than the \(most) that a file of its kind may have") }
        if size > large, let available = MachineMemory.available, Double(size) > available {
            throw .failed("\(path): \(RunEstimate.size(Double(size))), but \(RunEstimate.size(available)) of memory are available")
        }
        return try contents(file, path, size)
    }

    /// Reads a file part by part, as long as it was when it was opened.
    static func readParts(_ path: String, _ body: ([UInt8]) -> Void) throws(ToolError) {
        let (file, size) = try opened(path)
        defer { close(file) }
        var left = size
        while left > 0 {
            let bytes = try contents(file, path, min(left, part))
            guard !bytes.isEmpty else { throw .badInput("\(path): it became shorter while it was read") }
            body(bytes)
            left -= bytes.count
        }
    }

    private static func opened(_ path: String) throws(ToolError) -> (file: Int32, size: Int) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure(path, errno) }
        var status = stat()
        let isKnown = fstat(file, &status) == 0
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
            let error = errno
            close(file)
            if !isKnown { throw failure(path, error) }
            throw .badInput("\(path): \(status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not a regular file")")
        }
        return (file, Int(status.st_size))
    }

    /// At most `size` bytes: what is appended meanwhile is not looked at.
    private static func contents(_ file: Int32, _ path: String, _ size: Int) throws(ToolError) -> [UInt8] {
        var error: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = Foundation.read(file, buffer.baseAddress! + filled, size - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { error = errno }
                guard count > 0 else { return }
                filled += count
            }
        }
        guard error == 0 else { throw failure(path, error) }
        return bytes
    }

    private static func failure(_ path: String, _ error: Int32) -> ToolError {
        .badInput("\(path): \(String(cString: sp_error_text(error)))")
    }
}
