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

    private init(kind: Kind, message: String) {
        (self.kind, self.message) = (kind, message)
    }

    /// An error of the runtime: files and what they ask for are bad input, everything else is a failure.
    init(_ error: SwiftletError) {
        switch error.kind {
        case .badFile, .tooMuchWork, .badInput: kind = .badInput
        case .unsupported, .outOfMemory, .system: kind = .failed
        }
        message = error.message
    }

    /// What `body` gives, its error as one of this tool.
    /// - Parameter path: the file that the error is about; nil: the error names it itself.
    static func wrapping<Result>(_ path: String? = nil, _ body: () throws(SwiftletError) -> Result) throws(ToolError) -> Result {
        do throws(SwiftletError) {
            return try body()
        } catch {
            throw ToolError(path.map { error.about($0) } ?? error)
        }
    }

    static func failed(_ message: String) -> ToolError { ToolError(kind: .failed, message: message) }
    static func usage(_ message: String) -> ToolError { ToolError(kind: .usage, message: message) }
    static func badInput(_ message: String) -> ToolError { ToolError(kind: .badInput, message: message) }
}
