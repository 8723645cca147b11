import Foundation
import SwiftProtobuf
import SwiftletGraph

@testable import SwiftletImport

/// Writes small ONNX models, operator by operator.
struct ONNXModelBuilder {
    enum Attribute {
        case int(Int)
        case ints([Int])
        case float(Float)
        case floats([Float])
        case string(String)
        case tensor(ONNX_TensorProto)
    }

    var model = ONNX_ModelProto()
    private var counter = 0

    /// - Parameter input: the shape of `x`; nil leaves an extent open.
    init(opset: Int, input: [Int?] = [1, 2, 3, 4]) {
        model.irVersion = 8
        model.opsetImport = [.with { $0.version = Int64(opset) }]
        model.graph.name = "test"
        model.graph.input = [
            .with { info in
                info.name = "x"
                info.type.tensorType.elemType = 1
                info.type.tensorType.shape.dim = input.map { size in
                    .with { if let size { $0.dimValue = Int64(size) } else { $0.dimParam = "open" } }
                }
            }
        ]
    }

    // MARK: Building

    /// Adds a node and returns the name of its output.
    mutating func node(_ type: String, _ inputs: [String], _ attributes: [String: Attribute] = [:], name: String? = nil) -> String {
        counter += 1
        let output = "\(type)_\(counter)"
        model.graph.node.append(
            .with { node in
                node.opType = type
                node.name = name ?? "\(type)\(counter)"
                node.input = inputs
                node.output = [output]
                node.attribute = attributes.sorted { $0.key < $1.key }.map { Self.attribute($0.key, $0.value) }
            })
        return output
    }

    mutating func initializer(_ tensor: ONNX_TensorProto) -> String {
        counter += 1
        var tensor = tensor
        tensor.name = "constant_\(counter)"
        model.graph.initializer.append(tensor)
        return tensor.name
    }

    mutating func floats(_ values: [Float], _ shape: [Int]? = nil) -> String {
        initializer(Self.tensor(values, shape ?? [values.count]))
    }

    mutating func integers(_ values: [Int], _ shape: [Int]? = nil) -> String {
        initializer(
            .with { tensor in
                tensor.dataType = 7
                tensor.dims = (shape ?? [values.count]).map(Int64.init)
                tensor.int64Data = values.map(Int64.init)
            })
    }

    static func tensor(_ values: [Float], _ shape: [Int]) -> ONNX_TensorProto {
        .with { tensor in
            tensor.dataType = 1
            tensor.dims = shape.map(Int64.init)
            tensor.floatData = values
        }
    }

    private static func attribute(_ name: String, _ value: Attribute) -> ONNX_AttributeProto {
        .with { attribute in
            attribute.name = name
            switch value {
            case .int(let value): attribute.i = Int64(value)
            case .ints(let values): attribute.ints = values.map(Int64.init)
            case .float(let value): attribute.f = value
            case .floats(let values): attribute.floats = values
            case .string(let value): attribute.s = Data(value.utf8)
            case .tensor(let value): attribute.t = value
            }
        }
    }

    // MARK: Reading back

    func data(output: String) throws -> Data {
        var model = model
        model.graph.output = [.with { $0.name = output }]
        return try model.serializedBytes()
    }

    func graph(output: String, inputSize: (height: Int, width: Int)? = nil) throws -> Graph {
        try ONNXImporter.load(bytes: [UInt8](data(output: output)), file: "test.onnx", inputSize: inputSize)
    }

    /// What the fused network makes of one picture, [height][width][channels].
    func result(output: String, _ input: [Float]) throws -> [Float] {
        ReferenceExecutor(try graph(output: output).network()).run(input)
    }
}
