/// All bytes of a regular file, read once, for as long as the object lives: `InputFile` for other modules, in which Embedded Swift cannot
/// end the life of a type that is not copied.
package final class FileContents {
    private let file: InputFile

    package init(_ path: String) throws(SwiftletError) {
        file = try FileContents.read(path)
    }

    private static func read(_ path: String) throws(SwiftletError) -> InputFile {
        var file = try InputFile(path)
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
