import Foundation

/// Reads a model file whole, once. It is not mapped: a mapped file that shrinks kills the program that looks at it.
enum InputFile {
    struct Problem: Error {
        let reason: String
    }

    /// - Throws: `Problem` for what cannot be opened, is no regular file, or changes its size meanwhile. Nothing waits: a FIFO without a
    ///   writer is refused, not opened for good.
    static func bytes(_ path: String) throws(Problem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Problem(reason: errno == ENOENT ? "no such file" : String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Problem(reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Problem(reason: "not a file, but a folder, device or pipe") }
        let size = Int(status.st_size)
        guard let memory = malloc(max(size, 1)) else { throw Problem(reason: "its \(size) bytes do not fit in memory") }
        free(memory)
        var failure: Problem?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = pread(descriptor, buffer.baseAddress! + filled, size - filled, off_t(filled))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else {
                    failure = Problem(reason: count == 0 ? "it became shorter while it was read" : String(cString: strerror(errno)))
                    return
                }
                filled += count
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
