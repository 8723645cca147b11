import SwiftletRuntime

extension FileContents {
    /// The bytes of an input file; one that cannot be read is bad input.
    static func open(_ path: String) throws(ToolError) -> FileContents {
        try ToolError.wrapping(path) { () throws(SwiftletError) in try FileContents(path) }
    }
}
