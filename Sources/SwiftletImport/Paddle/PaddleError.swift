import SwiftletGraph

/// Why a Paddle model cannot be read, in one line.
package struct PaddleError: Error, Equatable, CustomStringConvertible {
    /// Path of the file; nil as long as nobody has said it.
    package var file: String?
    package let reason: String

    init(_ reason: String, file: String? = nil) {
        self.file = file
        self.reason = reason
    }

    /// What `body` throws, with the file's name.
    static func naming<Result>(_ file: String, _ body: () throws(PaddleError) -> Result) throws(PaddleError) -> Result {
        do throws(PaddleError) {
            return try body()
        } catch {
            throw PaddleError(error.reason, file: error.file ?? file)
        }
    }

    package var description: String {
        (file.map { "\($0): \(reason)" } ?? reason).onOneLine
    }
}

/// A reason that whoever builds the graph adds the operator's name to.
enum PaddleProblem: Error {
    /// The program contradicts itself.
    case malformed(String)
    /// An operator, or a way to use it, that has no counterpart here: all of a model's are reported together.
    case unsupported(String)
}
