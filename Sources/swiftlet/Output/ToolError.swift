import SwiftletRuntime

/// Why a command stops: one line for stderr, and the exit code.
struct ToolError: Error {
    enum Kind: Int32 {
        case failed = 1
        case usage = 2
        case badInput = 3
    }

    let kind: Kind
    let message: String

    static func failed(_ message: String) -> ToolError { ToolError(kind: .failed, message: message) }
    static func usage(_ message: String) -> ToolError { ToolError(kind: .usage, message: message) }
    static func badInput(_ message: String) -> ToolError { ToolError(kind: .badInput, message: message) }
}
