import SwiftletGraph

/// Why a TensorFlow Lite model could not be read. The description is one line and names the file.
package struct TFLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    package let file: String
    package let reason: String

    init(_ problem: TFLiteProblem, file: String) {
        self.file = file
        reason =
            switch problem {
            case .malformed(let reason): "not a valid TensorFlow Lite model: \(reason)"
            case .unsupported(let reason): "unsupported: \(reason)"
            case .sizeNeeded(let shape): "the input \(shape) leaves its size open: give it with --resize HxW"
            }
    }

    package var description: String { "\(file): \(reason)".onOneLine }
}

/// A reason that the importer adds the file's or the operator's name to.
enum TFLiteProblem: Error {
    /// The file contradicts itself.
    case malformed(String)
    /// An operator, or a way to use it, that has no counterpart here: those of a model are reported together.
    case unsupported(String)
    /// Height and width are left open by the model, and nobody gave them.
    case sizeNeeded(shape: String)

    static let damaged = TFLiteProblem.malformed("an offset in it leads outside: damaged or truncated")
}
