import CPlatform
import Foundation

/// Reads a file once, whole: what is checked, hashed and used is the same bytes.
enum InputFile {
    /// Recipes and the notes beside a model.
    static let largestSettings = 1 << 20
    /// Lists of pictures and of labels: a million lines and more.
    static let largestText = 256 << 20
    static let largestPicture = 1 << 30
    /// The protocol buffer of an ONNX model has no more.
    static let largestModel = Int(Int32.max)
    static let largestCheckpoint = 16 << 30
    static let largestArray = 64 << 30
    /// From here on a file is held against the memory that there is.
    private static let large = 64 << 20

    /// - Throws: when it cannot be read, is no regular file (a pipe or a device might never end), or is larger than `most` bytes.
    static func read(_ path: String, atMost most: Int) throws(ToolError) -> Data {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw failure(path, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .badInput("\(path): \(status.st_mode & S_IFMT == S_IFDIR ? "is a folder" : "is not a regular file")")
        }
        let size = Int(status.st_size)
        guard size <= most else { throw .badInput("\(path): \(size) bytes, more than the \(most) that a file of its kind may have") }
        if size > large, let available = MachineMemory.available, Double(size) > available {
            throw .failed("\(path): \(RunEstimate.size(Double(size))), but \(RunEstimate.size(available)) of memory are available")
        }
        return try contents(file, path, size)
    }

    /// At most `size` bytes: what is appended meanwhile is not looked at.
    private static func contents(_ file: Int32, _ path: String, _ size: Int) throws(ToolError) -> Data {
        guard size > 0, let bytes = malloc(size) else { return Data() }
        var filled = 0
        while filled < size {
            let count = Foundation.read(file, bytes + filled, size - filled)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                let error = errno
                free(bytes)
                throw failure(path, error)
            }
            if count == 0 { break }
            filled += count
        }
        return Data(bytesNoCopy: bytes, count: filled, deallocator: .free)
    }

    private static func failure(_ path: String, _ error: Int32) -> ToolError {
        .badInput("\(path): \(String(cString: sp_error_text(error)))")
    }
}
