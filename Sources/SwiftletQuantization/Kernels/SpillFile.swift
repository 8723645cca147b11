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

    /// - Returns: nil when there is no room for it.
    init?(bytes: Int) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/swiftlet-XXXXXX".utf8CString)
        let file = holdingInterruptions {
            let file = mkstemp(&name)
            if file >= 0 { unlink(name) }
            return file
        }
        guard file >= 0 else { return nil }
        defer { close(file) }
        // Allocated, not just sized: a disk that fills up later would kill the process.
        guard posix_fallocate(file, 0, off_t(bytes)) == 0 else { return nil }
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), base != MAP_FAILED else { return nil }
        self.base = base
        self.bytes = bytes
    }

    deinit { munmap(base, bytes) }

    /// Takes pages out of the process; their content stays in the file. `start` is at a page.
    static func release(_ start: UnsafeMutableRawPointer, bytes: Int) {
        madvise(start, bytes, MADV_DONTNEED)
    }
}
