import SwiftletRuntime

/// Pictures that cannot be read: each is named on standard error, and the others are answered for.
enum UnreadablePictures {
    private static let named = 100

    /// - Throws: where none is left.
    static func leaveOut(_ failures: [SwiftletError], of count: Int) throws(ToolError) {
        if let first = failures.first, failures.count == count {
            throw ToolError(count == 1 ? first : SwiftletError(first.kind, "no picture can be read; \(first.message)"))
        }
        warn(failures)
    }

    /// So many by name, and how many more.
    static func warn(_ failures: [SwiftletError]) {
        for failure in failures.prefix(named) { Console.say("left out: " + failure.message) }
        if failures.count > named { Console.say("left out: \(failures.count - named) more") }
    }

    /// After the results are written.
    /// - Throws: a failure where there is one.
    static func fail(_ failures: Int, of count: Int) throws(ToolError) {
        guard failures > 0 else { return }
        throw .failed("\(failures) of \(count) pictures cannot be read")
    }
}
