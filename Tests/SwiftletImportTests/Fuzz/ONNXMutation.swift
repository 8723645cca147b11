import Foundation

@testable import SwiftletImport

/// Changes a field of a model to something that a decoder still takes.
enum ONNXMutation {
    static func apply(to graph: inout ONNX_GraphProto, _ random: inout FuzzRandom) {
        guard !graph.node.isEmpty else { return }
        let node = random.below(graph.node.count)
        switch random.below(10) {
        case 0: graph.node[node].opType = random.pick(operators)
        case 1, 2: changeInputs(of: node, in: &graph, &random)
        case 3: graph.node.swapAt(node, random.below(graph.node.count))
        case 4: graph.node.insert(graph.node[node], at: random.below(graph.node.count + 1))
        case 5, 6: changeAttribute(of: &graph.node[node], &random)
        case 7 where !graph.initializer.isEmpty: change(&graph.initializer[random.below(graph.initializer.count)], &random)
        case 8 where !graph.initializer.isEmpty: changeIntegers(&graph.initializer[random.below(graph.initializer.count)], &random)
        case 9: changeInput(of: &graph, &random)
        default: graph.node[node].output = [random.pick(names(graph))]
        }
    }

    static let operators = [
        "Conv", "AveragePool", "MaxPool", "GlobalAveragePool", "ReduceMean", "BatchNormalization", "Relu", "HardSwish", "Sigmoid",
        "HardSigmoid",
        "Clip", "Softmax", "Add", "Sub", "Mul", "Div", "Min", "Max", "Gemm", "MatMul", "Flatten", "Reshape", "Squeeze", "Unsqueeze",
        "Transpose",
        "Concat", "Pad", "Identity", "Dropout", "Cast", "Constant", "Shape", "Gather", "Slice", "ConstantOfShape", "Range",
    ]

    private static let attributes = [
        "kernel_shape", "strides", "dilations", "pads", "group", "auto_pad", "axis", "axes", "perm", "alpha", "beta", "keepdims",
        "ceil_mode",
        "count_include_pad", "min", "max", "to", "value", "starts", "ends", "epsilon", "transA", "transB", "allowzero", "start", "end",
        "noop_with_empty_axes",
    ]

    private static func names(_ graph: ONNX_GraphProto) -> [String] {
        ["", "x", "nowhere"] + graph.initializer.map(\.name) + graph.node.flatMap(\.output)
    }

    private static func changeInputs(of node: Int, in graph: inout ONNX_GraphProto, _ random: inout FuzzRandom) {
        let name = random.pick(names(graph))
        switch random.below(3) {
        case 0: graph.node[node].input.append(name)
        case 1 where !graph.node[node].input.isEmpty: graph.node[node].input.removeLast()
        default:
            guard !graph.node[node].input.isEmpty else { return }
            graph.node[node].input[random.below(graph.node[node].input.count)] = name
        }
    }

    private static func changeAttribute(of node: inout ONNX_NodeProto, _ random: inout FuzzRandom) {
        if node.attribute.isEmpty || random.below(3) == 0 {
            node.attribute.append(.with { $0.name = random.pick(attributes) })
        }
        let index = random.below(node.attribute.count)
        switch random.below(7) {
        case 0: node.attribute[index].i = random.integer()
        case 1: node.attribute[index].f = random.float()
        case 2: node.attribute[index].ints = (0..<random.below(7)).map { _ in random.integer() }
        case 3 where !node.attribute[index].ints.isEmpty:
            node.attribute[index].ints[random.below(node.attribute[index].ints.count)] = random.integer()
        case 4: node.attribute[index].s = Data(random.pick(["", "SAME_UPPER", "SAME_LOWER", "VALID", "constant", "\n"]).utf8)
        case 5: change(&node.attribute[index].t, &random)
        default: node.attribute[index].type = Int32(random.below(9))
        }
    }

    private static func change(_ tensor: inout ONNX_TensorProto, _ random: inout FuzzRandom) {
        switch random.below(5) {
        case 0: tensor.dims = (0..<random.below(6)).map { _ in random.integer() }
        case 1 where !tensor.dims.isEmpty: tensor.dims[random.below(tensor.dims.count)] = random.integer()
        case 2: tensor.dims = tensor.dims.reversed()
        case 3 where !tensor.floatData.isEmpty: tensor.floatData[random.below(tensor.floatData.count)] = random.float()
        default: tensor.dataType = Int32(random.below(17))
        }
    }

    private static func changeIntegers(_ tensor: inout ONNX_TensorProto, _ random: inout FuzzRandom) {
        if tensor.int64Data.isEmpty || random.below(4) == 0 {
            let values = (0..<random.below(6)).map { _ in random.integer() }
            (tensor.dataType, tensor.dims, tensor.int64Data, tensor.floatData) = (7, [Int64(values.count)], values, [])
        } else {
            tensor.int64Data[random.below(tensor.int64Data.count)] = random.integer()
        }
    }

    private static func changeInput(of graph: inout ONNX_GraphProto, _ random: inout FuzzRandom) {
        let count = graph.input[0].type.tensorType.shape.dim.count
        guard count > 0 else { return }
        graph.input[0].type.tensorType.shape.dim[random.below(count)].dimValue = random.integer()
    }
}
