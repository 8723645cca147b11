/// All bytes of a regular file, read once, for as long as the object lives: `InputFile` for other modules, in which Embedded Swift cannot
/// end the life of a type that is not copied.
package final class FileContents {
    private let file: InputFile

    /// - Parameter largest: bytes that a file of its kind may have.
    package init(_ path: String, largest: Int = Int.max) throws(SwiftletError) {
        file = try FileContents.read(path, largest: min(largest, InputFile.largest))
    }

    /// The same with errors that name the file.
    static func about(_ path: String, largest: Int) throws(SwiftletError) -> FileContents {
        do throws(SwiftletError) {
            return try FileContents(path, largest: largest)
        } catch {
            throw error.about(path)
        }
    }

    private static func read(_ path: String, largest: Int) throws(SwiftletError) -> InputFile {
        var file = try InputFile(path, largest: largest)
        try file.read()
        return file
    }

    /// Hands over the bytes, valid during the call.
    package func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    private var bytes: UnsafeRawBufferPointer { file.withBytes { $0 } }
}
