import SwiftletGraph

extension DeclaredInputShape {
    init(_ input: ONNX_ValueInfoProto, file: String) throws(ONNXError) {
        guard input.type.hasTensorType, input.type.tensorType.hasShape else {
            throw .unsupportedModel(file: file, reason: "its input '\(input.name)' has no shape")
        }
        sizes = input.type.tensorType.shape.dim.map { dimension in
            dimension.dimValue > 0 ? Int(dimension.dimValue) : nil
        }
    }

    /// `resolved`, with what is wrong as an error that names the file.
    func resolved(_ size: (height: Int, width: Int)?, file: String) throws(ONNXError) -> Shape {
        do throws(Problem) {
            return try resolved(size)
        } catch {
            switch error {
            case .unsupported(let reason): throw .unsupportedModel(file: file, reason: reason)
            case .malformed(let reason): throw .malformed(file: file, reason: reason)
            case .sizeNeeded(let shape): throw .inputSizeNeeded(file: file, shape: shape)
            }
        }
    }
}
