import SwiftletRuntime

extension FileContents {
    /// The bytes of an input file; one that cannot be read is bad input.
    static func open(_ path: String) throws(ToolError) -> FileContents {
        do {
            return try FileContents(path)
        } catch {
            throw .badInput("\(path): \(error.message)")
        }
    }
}
