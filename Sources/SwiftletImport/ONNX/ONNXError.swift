import SwiftletGraph

/// Why an ONNX file could not be read. The description is one line and names the file.
package enum ONNXError: Error, Sendable, Equatable {
    /// The file is no ONNX model, is damaged, or contradicts itself.
    case malformed(file: String, reason: String)
    /// Something about the model as a whole, such as its opset.
    case unsupportedModel(file: String, reason: String)
    /// Height and width are left open by the model, and nobody gave them.
    case inputSizeNeeded(file: String, shape: String)
}

extension ONNXError: CustomStringConvertible {
    package var description: String {
        let text =
            switch self {
            case .malformed(let file, let reason): "\(file): not a valid ONNX model: \(reason)"
            case .unsupportedModel(let file, let reason): "\(file): unsupported: \(reason)"
            case .inputSizeNeeded(let file, let shape): "\(file): the input \(shape) leaves its size open: give it with --resize HxW"
            }
        return text.onOneLine
    }
}

/// A reason that the importer adds the file's or node's name to.
enum ONNXProblem: Error {
    case malformed(String)
    case unsupported(String)
}
