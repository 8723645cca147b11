import SwiftletGraph

/// What is known of a model's values that are integers which stand for floats. In the graph such a value is these floats: a name here says
/// on which grid the file has it.
struct ONNXIntegers {
    /// By name: the grid of a value that is computed, or of a constant that has been put on one.
    var grids: [String: PublishedGrid] = [:]
    /// Values that DynamicQuantizeLinear makes: in the graph they are what it reads, with a scale of 1.
    var dynamic: Set<String> = []
    /// Tensors that quantized operators alone read: they stay as they are in the file until then.
    private(set) var stored: [String: ONNX_TensorProto] = [:]
    /// Element types of constants, as TensorProto numbers them.
    private var types: [String: Int32] = [:]
    /// What operators in floats read.
    private let plain: Set<String>
    private let files: ONNXExternalData
    /// How many floats may be made of stored integers: several operators may dequantize the same.
    private var floatsLeft = 1 << 20

    init(_ proto: ONNX_GraphProto, _ files: ONNXExternalData) {
        plain = Set(proto.node.filter { !ONNXNode.isInt8Operator($0.opType) }.flatMap(\.input) + proto.output.map(\.name))
        self.files = files
        for node in proto.node where node.opType == "Constant" {
            guard let name = node.output.first, let value = node.attribute.first(where: { $0.name == "value" }) else { continue }
            types[name] = value.t.dataType
        }
    }

    // MARK: Tensors of the file

    /// Keeps a tensor that is dequantized when somebody reads it.
    /// - Returns: false for one that is a constant like others.
    mutating func store(_ tensor: ONNX_TensorProto) -> Bool {
        types[tensor.name] = tensor.dataType
        guard ONNX_TensorProto.codeRange(of: tensor.dataType) != nil, !plain.contains(tensor.name) else { return false }
        stored[tensor.name] = tensor
        return true
    }

    /// The least and the largest integer of a constant's element type; nil for other types, and other values.
    func range(of name: String) -> ClosedRange<Int>? { types[name].flatMap(ONNX_TensorProto.codeRange) }

    /// The integers of a tensor, which count against what the file has room for; nil for what is no stored tensor.
    mutating func codes(_ name: String) throws(ONNXProblem) -> (numbers: [Float], shape: [Int])? {
        guard let tensor = stored[name] else { return nil }
        let (numbers, shape) = try tensor.codes(files)
        // The first reader's share is the tensor's own size.
        if firstReads.insert(name).inserted { floatsLeft += numbers.count }
        guard numbers.count <= floatsLeft else { throw .malformed("'\(name)' is dequantized more often than a network has use for") }
        floatsLeft -= numbers.count
        return (numbers, shape)
    }

    private var firstReads: Set<String> = []

    // MARK: Operators that are no quantized ones

    /// Operators that hand integers on, so that what these stand for is handed on, too.
    private static let handingOn: Set = [
        "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity", "MaxPool", "Slice", "Gather", "Split", "Expand",
        "Tile", "Concat", "Dropout",
    ]

    /// - Throws: where an operator would compute with the integers themselves.
    func check(_ node: ONNX_NodeProto) throws(ONNXProblem) {
        guard let grid = node.input.lazy.compactMap({ grids[$0] }).first else { return }
        guard Self.handingOn.contains(node.opType) else {
            throw .unsupported("it computes with the integers that '\(node.input[0])' is stored as")
        }
        guard node.opType != "Concat" || node.input.allSatisfy({ grids[$0]?.hasValues(of: grid) ?? false }) else {
            throw .unsupported("it joins integers of different scales")
        }
        guard !grid.isPerAxis else { throw .unsupported("it rearranges integers that have a scale a channel") }
    }

    mutating func handOn(_ node: ONNX_NodeProto, to output: String) {
        guard let first = node.input.first else { return }
        if let grid = grids[first] { grids[output] = grid }
        // The integers that a product has made are cast to floats.
        if dynamic.contains(first), node.opType != "Cast" { dynamic.insert(output) }
    }
}

extension ONNX_TensorProto {
    /// Of element types whose integers may stand for floats.
    static func codeRange(of type: Int32) -> ClosedRange<Int>? {
        switch type {
        case 2: 0...255
        case 3: -128...127
        case 4: 0...65535
        case 5: -32768...32767
        case 6: Int(Int32.min)...Int(Int32.max)
        default: nil
        }
    }
}
