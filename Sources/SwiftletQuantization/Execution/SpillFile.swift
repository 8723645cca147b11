#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Memory that lies in a nameless temporary file (in TMPDIR, or /tmp): the kernel may write it out, and it goes with the object or
/// the process.
final class SpillFile {
    let base: UnsafeMutableRawPointer
    private let bytes: Int

    static var pageSize: Int { Int(getpagesize()) }
    static var folder: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    /// - Throws: when there is no room for it.
    init(bytes: Int) throws(QuantizationError) {
        let file = SpillFile.open()
        guard file >= 0 else { throw SpillFile.failure(bytes, errno) }
        defer { close(file) }
        // Allocated, not just sized: a disk that fills up later would kill the process.
        let error = posix_fallocate(file, 0, off_t(bytes))
        guard error == 0 else { throw SpillFile.failure(bytes, error) }
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), base != MAP_FAILED else {
            throw SpillFile.failure(bytes, errno)
        }
        self.base = base
        self.bytes = bytes
    }

    deinit { munmap(base, bytes) }

    /// Takes pages out of the process; their content stays in the file. `start` is at a page.
    static func release(_ start: UnsafeMutableRawPointer, bytes: Int) {
        madvise(start, bytes, MADV_DONTNEED)
    }

    /// A file that never has a name; where the file system has none of that kind, one that loses its name at once.
    /// - Returns: the descriptor; below 0: `errno` says why.
    private static func open() -> Int32 {
        #if canImport(Glibc)
        let nameless: Int32 = 0x0040_0000 | O_DIRECTORY  // O_TMPFILE, a composed macro that Swift does not import
        let file = Glibc.open(folder, nameless | O_RDWR | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { return file }
        #endif
        var name = Array("\(folder)/swiftlet-XXXXXX".utf8CString)
        return holdingInterruptions {
            let file = mkstemp(&name)
            if file >= 0 {
                unlink(name)
                _ = fcntl(file, F_SETFD, FD_CLOEXEC)
            }
            return file
        }
    }

    private static func failure(_ bytes: Int, _ error: Int32) -> QuantizationError {
        let reason = String(cString: strerror(error))
        return QuantizationError(
            "no temporary file of \(bytes >> 20) MB in \(folder): \(reason); set TMPDIR to a folder with room, or take fewer samples")
    }
}

/// The folder that large tensors' temporary files lie in.
package var temporaryFolder: String { SpillFile.folder }
