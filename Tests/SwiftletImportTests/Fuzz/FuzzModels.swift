@testable import SwiftletImport

/// Small models that together use every operator that can be read.
enum FuzzModels {
    static func all() throws -> [ONNX_ModelProto] {
        [classifier(), shapes(), old(), channelsLast(), arithmetic(), pairs(), integerOperators(), dynamicScales()]
    }

    static func finished(_ builder: ONNXModelBuilder, _ output: String) -> ONNX_ModelProto {
        var model = builder.model
        model.graph.output = [.with { $0.name = output }]
        return model
    }

    private static func classifier() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 6, 6])
        let weights = b.floats((0..<36).map { Float($0) / 36 }, [2, 2, 3, 3])
        let conv = b.node("Conv", ["x", weights, b.floats([1, 2])], ["pads": .ints([1, 1, 1, 1]), "strides": .ints([1, 2])])
        let normal = b.node(
            "BatchNormalization", [conv, b.floats([1, 2]), b.floats([0, 1]), b.floats([1, 1]), b.floats([2, 2])], ["epsilon": .float(0.1)])
        let clip = b.node("Clip", [b.node("Add", [normal, b.floats([3], [])]), b.floats([0], []), b.floats([6], [])])
        let swish = b.node("Div", [b.node("Mul", [normal, clip]), b.floats([6], [])])
        let pool = b.node("MaxPool", [swish], ["kernel_shape": .ints([2, 2]), "ceil_mode": .int(1), "strides": .ints([2, 2])])
        let gate = b.node("HardSigmoid", [b.node("GlobalAveragePool", [pool])], ["alpha": .float(0.2)])
        let gated = b.node("Mul", [pool, gate])
        let joined = b.node("Concat", [gated, b.node("Relu", [pool])], ["axis": .int(1)])
        let mean = b.node("ReduceMean", [joined], ["axes": .ints([2, 3])])
        let flat = b.node("Flatten", [mean])
        let logits = b.node("Gemm", [flat, b.floats((0..<12).map { Float($0) }, [3, 4]), b.floats([1, 2, 3])], ["transB": .int(1)])
        let output = b.node("Softmax", [logits], ["axis": .int(1)])
        return finished(b, output)
    }

    private static func shapes() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13)
        let shape = b.node("Shape", ["x"])
        let batch = b.node("Slice", [shape, b.integers([0]), b.integers([1]), b.integers([0]), b.integers([1])])
        let sizes = b.node(
            "Gather", [shape, b.node("Range", [b.integers([1], []), b.integers([4], []), b.integers([1], [])])], ["axis": .int(0)])
        let same = b.node("Reshape", ["x", b.node("Concat", [batch, sizes], ["axis": .int(0)])])
        let filled = b.node("ConstantOfShape", [b.integers([2, 1, 1])], ["value": .tensor(ONNXModelBuilder.tensor([2], [1]))])
        let sum = b.node("Add", [same, b.node("Cast", [b.node("Cast", [filled], ["to": .int(7)])], ["to": .int(1)])])
        let padded = b.node("Pad", [sum, b.integers([0, 0, 1, 0, 0, 0, 0, 1])])
        let weights = b.node("Transpose", [b.floats((0..<8).map { Float($0) }, [2, 2, 1, 2])], ["perm": .ints([0, 1, 3, 2])])
        let conv = b.node("Conv", [padded, weights])
        let flat = b.node("Reshape", [conv, b.node("Concat", [batch, b.integers([-1])], ["axis": .int(0)])])
        let squeezed = b.node("Squeeze", [b.node("Unsqueeze", [flat, b.integers([2])]), b.integers([2])])
        let product = b.node("MatMul", [squeezed, b.floats([Float](repeating: 1, count: 60), [30, 2])])
        let output = b.node("Identity", [product])
        return finished(b, output)
    }

    private static func old() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 9)
        let padded = b.node("Pad", ["x"], ["pads": .ints([0, 0, 1, 1, 0, 0, 1, 1])])
        let pool = b.node("AveragePool", [padded], ["kernel_shape": .ints([2, 2]), "auto_pad": .string("SAME_UPPER")])
        let clip = b.node("Clip", [pool], ["min": .float(0), "max": .float(6)])
        let mean = b.node("ReduceMean", [b.node("Dropout", [clip])], ["axes": .ints([2, 3]), "keepdims": .int(1)])
        let vector = b.node("Squeeze", [mean], ["axes": .ints([2, 3])])
        let scores = b.node("Gemm", [vector, b.floats([1, 2, 3, 4], [2, 2])])
        let output = b.node("Sigmoid", [b.node("Sub", [scores, b.floats([1])])])
        return finished(b, output)
    }

    private static func channelsLast() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13, input: [1, 4, 4, 3])
        let moved = b.node("Transpose", ["x"], ["perm": .ints([0, 3, 1, 2])])
        let conv = b.node("Conv", [moved, b.floats((0..<6).map { Float($0) }, [2, 3, 1, 1])])
        let back = b.node("Transpose", [conv], ["perm": .ints([0, 2, 3, 1])])
        let biased = b.node("Relu", [b.node("Add", [back, b.floats([1, 2])])])
        let padded = b.node("Pad", [biased, b.integers([0, 1, 1, 0, 0, 0, 0, 0])])
        let joined = b.node("Concat", [padded, padded], ["axis": .int(3)])
        let mean = b.node("ReduceMean", [joined], ["axes": .ints([1, 2]), "keepdims": .int(0)])
        let output = b.node("MatMul", [mean, b.floats((0..<8).map { Float($0) }, [4, 2])])
        return finished(b, output)
    }

    private static func arithmetic() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 14)
        let low = b.node("Max", ["x", b.node("Constant", [], ["value_float": .float(0)])])
        let relu6 = b.node("Min", [low, b.floats([6], [])])
        let swish = b.node("Mul", [relu6, b.node("Sigmoid", [relu6])])
        let scaled = b.node("Mul", [b.node("Add", [swish, relu6]), b.floats([1, 2], [2, 1, 1])])
        let bounded = b.node("Clip", [b.node("HardSwish", [scaled]), "", b.floats([6], [])])
        let output = b.node("GlobalAveragePool", [bounded])
        return finished(b, output)
    }
}
