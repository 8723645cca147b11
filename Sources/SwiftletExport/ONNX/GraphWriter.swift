import Foundation
import SwiftletImport

/// Collects the nodes and constants of an ONNX graph. Every value has a name of its own.
struct GraphWriter {
    private(set) var graph = ONNX_GraphProto()
    private var names = UniqueNames()
    /// Scalars that are there already: hundreds of nodes have the same scale and zero point.
    private var scalars: [Scalar: String] = [:]

    private enum Scalar: Hashable {
        case float(UInt32)
        case byte(UInt8)
    }

    init(name: String) {
        graph.name = name.isEmpty ? "model" : name
    }

    /// A name that no other value has, `wanted` if it is free.
    mutating func name(_ wanted: String) -> String { names.unique(wanted.isEmpty ? "value" : wanted) }

    /// Adds a node with one output.
    /// - Parameters:
    ///   - inputs: names of values; empty where an optional one is left out.
    ///   - name: wanted for node and output.
    /// - Returns: the output's name.
    @discardableResult
    mutating func node(_ type: String, _ inputs: [String], name: String, _ attributes: [ONNX_AttributeProto] = []) -> String {
        let output = self.name(name)
        add(type, inputs, output: output, attributes)
        return output
    }

    /// Adds a node whose output has a name that `name` gave.
    mutating func add(_ type: String, _ inputs: [String], output: String, _ attributes: [ONNX_AttributeProto] = []) {
        var node = ONNX_NodeProto()
        (node.opType, node.input, node.output, node.name, node.attribute) = (type, inputs, [output], output, attributes)
        graph.node.append(node)
    }

    mutating func addInput(_ name: String, type: ElementCode, shape: [Dimension]) {
        graph.input.append(.init(name, type, shape))
    }

    mutating func addOutput(_ name: String, type: ElementCode, shape: [Dimension]) {
        graph.output.append(.init(name, type, shape))
    }

    // MARK: - Constants

    mutating func scalar(_ value: Float) -> String {
        if let name = scalars[.float(value.bitPattern)] { return name }
        let name = floats([value], [], name: "constant")
        scalars[.float(value.bitPattern)] = name
        return name
    }

    mutating func zeroPoint(_ value: UInt8) -> String {
        if let name = scalars[.byte(value)] { return name }
        let name = bytes([value], [], .uint8, name: "zero_point")
        scalars[.byte(value)] = name
        return name
    }

    mutating func floats(_ values: [Float], _ shape: [Int], name: String) -> String {
        constant(values.map(\.bitPattern.littleEndian), shape, .float, name)
    }

    /// - Parameter type: int8 or uint8, whose bit patterns `values` are.
    mutating func bytes(_ values: [UInt8], _ shape: [Int], _ type: ElementCode, name: String) -> String {
        constant(values, shape, type, name)
    }

    mutating func int32s(_ values: [Int32], _ shape: [Int], name: String) -> String {
        constant(values.map(\.littleEndian), shape, .int32, name)
    }

    mutating func int64s(_ values: [Int64], _ shape: [Int], name: String) -> String {
        constant(values.map(\.littleEndian), shape, .int64, name)
    }

    private mutating func constant<Element: BitwiseCopyable>(
        _ values: [Element], _ shape: [Int], _ type: ElementCode, _ name: String
    ) -> String {
        var tensor = ONNX_TensorProto()
        tensor.name = self.name(name)
        tensor.dims = shape.map(Int64.init)
        tensor.dataType = type.rawValue
        tensor.rawData = values.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        return tensor.name
    }
}

/// Element types by ONNX's numbers.
enum ElementCode: Int32 {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case int32 = 6
    case int64 = 7
}

enum Dimension {
    case size(Int)
    /// One that a caller chooses.
    case free(String)
}

extension ONNX_ValueInfoProto {
    fileprivate init(_ name: String, _ type: ElementCode, _ shape: [Dimension]) {
        self.init()
        self.name = name
        self.type.tensorType.elemType = type.rawValue
        self.type.tensorType.shape.dim = shape.map { size in
            var dimension = ONNX_TensorShapeProto.Dimension()
            switch size {
            case .size(let value): dimension.dimValue = Int64(value)
            case .free(let name): dimension.dimParam = name
            }
            return dimension
        }
    }
}
