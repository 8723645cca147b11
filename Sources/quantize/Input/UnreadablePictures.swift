import SwiftletRuntime

/// Pictures that cannot be read: each is named on standard error and left out, unless none is left.
enum UnreadablePictures {
    private static let named = 100

    /// - Parameters:
    ///   - count: of all pictures, readable or not.
    ///   - what: "calibration picture", say.
    static func leaveOut(_ failures: [ToolError], of count: Int, what: String) throws(ToolError) {
        if let first = failures.first, failures.count == count { throw .badInput("no \(what) can be read; \(first.message)") }
        warn(failures)
    }

    /// Says what a folder holds that was not taken.
    static func warn(_ list: PictureList) { warn(list.leftOut.map { .badInput($0.message) }) }

    /// Says what was left out: so many by name, and how many more.
    static func warn(_ failures: [ToolError]) {
        for failure in failures.prefix(named) { Console.error("quantize: warning: left out: \(failure.message)") }
        if failures.count > named { Console.error("quantize: warning: left out: \(failures.count - named) more") }
    }
}
