import CPlatform

/// A file's bytes, mapped for as long as the object lives.
final class MappedFile {
    private let file: sp_file

    init(_ path: String) throws(ToolError) {
        file = sp_map(path)
        guard file.error == 0 else { throw .badInput("\(path): \(String(cString: sp_error_text(file.error)))") }
    }

    deinit { sp_unmap(file) }

    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: file.bytes, count: file.size))
    }
}
