/// Pictures that cannot be read: each is named on standard error and left out, unless none is left.
enum UnreadablePictures {
    /// - Parameters:
    ///   - count: of all pictures, readable or not.
    ///   - what: "calibration picture", say.
    static func leaveOut(_ failures: [ToolError], of count: Int, what: String) throws(ToolError) {
        if let first = failures.first, failures.count == count { throw .badInput("no \(what) can be read; \(first.message)") }
        for failure in failures { Console.error("quantize: warning: left out: \(failure.message)") }
    }
}
