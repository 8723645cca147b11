/// The error of `OperatorCheck`: a file whose fields do not fit one another.
typealias ModelError = SwiftletError

extension SwiftletError {
    init(_ message: String) {
        self = .badFile(message)
    }
}
