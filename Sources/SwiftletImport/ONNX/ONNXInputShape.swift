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

extension ONNX_ValueInfoProto {
    /// TensorProto's numbers of uint8, uint16, int16, int32, int64, uint32 and uint64.
    private static let integerTypes: Set<Int32> = [2, 4, 5, 6, 7, 12, 13]

    /// Whether its elements are integers that pixels come as: all types but int8, which holds quantized values.
    var holdsIntegers: Bool { Self.integerTypes.contains(type.tensorType.elemType) }
}
