import SwiftletRuntime

/// Why the tool stops: one line for standard error, and the exit code.
struct ToolError: Error {
    enum Kind: Int32 {
        case failed = 1
        case usage = 2
        case badInput = 3
    }

    let kind: Kind
    let message: String

    private init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    static func failed(_ message: String) -> ToolError { ToolError(kind: .failed, message: message) }
    static func usage(_ message: String) -> ToolError { ToolError(kind: .usage, message: message) }
    static func badInput(_ message: String) -> ToolError { ToolError(kind: .badInput, message: message) }

    /// What `body` throws, if it is not a `ToolError` already, as an error of this kind that names the file.
    static func wrapping<Result>(_ kind: Kind, _ subject: String, _ body: () throws -> Result) throws(ToolError) -> Result {
        do {
            return try body()
        } catch {
            throw ToolError(error, kind, subject)
        }
    }

    /// `error` as it is if it is a `ToolError`, else as one of this kind that names the subject.
    init(_ error: any Error, _ kind: Kind, _ subject: String) {
        if let error = error as? ToolError {
            self = error
        } else {
            let text = oneLine(error)
            // That memory ran out is nobody's file's fault.
            let kind = (error as? SwiftletError)?.kind == .outOfMemory ? .failed : kind
            self.init(kind: kind, message: text.hasPrefix(subject) ? text : "\(subject): \(text)")
        }
    }
}
