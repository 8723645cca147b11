@testable import SwiftletImport

/// Small models that are int8 already, in each form that ONNX has.
extension FuzzModels {
    static func pairs() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 4, 4])
        let (s, z) = (b.floats([0.5], []), b.codes([128], [], 2))
        let x = b.node("DequantizeLinear", [b.node("QuantizeLinear", ["x", s, z]), s, z])
        let codes = b.codes([10, -20, 30, 127], [2, 2, 1, 1], 3)
        let w = b.node("DequantizeLinear", [codes, b.floats([0.5, 0.25]), b.codes([0, 0], [2], 3)], ["axis": .int(0)])
        let bias = b.node("DequantizeLinear", [b.codes([4, -8], [2], 6), b.floats([0.25, 0.125])], ["axis": .int(0)])
        let conv = b.node("Conv", [x, w, bias])
        let stored = b.node("QuantizeLinear", [conv, s, z])
        let pooled = b.node("MaxPool", [stored], ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])])
        let vector = b.node("Flatten", [b.node("GlobalAveragePool", [b.node("DequantizeLinear", [pooled, s, z])])])
        let matrix = b.node("QuantizeLinear", [b.floats([0.3, -0.6, 40, 1], [2, 2]), s, z])
        let product = b.node("Gemm", [vector, b.node("DequantizeLinear", [matrix, s, z])])
        let output = b.node("DequantizeLinear", [b.node("QuantizeLinear", [product, s, z]), s, z])
        return finished(b, output)
    }

    static func integerOperators() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 4, 4])
        let scale = [b.floats([0.5], []), b.codes([128], [], 2)]
        let x = [b.node("QuantizeLinear", ["x"] + scale)] + scale
        let weights = [b.codes([10, -20, 30, 127], [2, 2, 1, 1], 3), b.floats([0.5, 0.25]), b.codes([0, 0], [2], 3)]
        let conv = [b.node("QLinearConv", x + weights + scale + [b.codes([4, -8], [2], 6)])] + scale
        let gate = [b.node("QLinearSigmoid", conv + scale)] + scale
        let sum = [b.node("QLinearAdd", [b.node("QLinearMul", conv + gate + scale)] + scale + x + scale)] + scale
        let joined = [b.node("QLinearConcat", scale + sum + conv, ["axis": .int(1)])] + scale
        let pooled = [b.node("QLinearAveragePool", joined + scale, ["kernel_shape": .ints([2, 2])])] + scale
        let leaky = [b.node("QLinearLeakyRelu", pooled + scale)] + scale
        let vector = [b.node("Flatten", [b.node("QLinearGlobalAveragePool", leaky + scale)])] + scale
        let matrix = [b.codes([1, 2, 3, 4, 5, 6, 7, 8], [4, 2], 3), b.floats([1, 0.5]), b.codes([0, 0], [2], 3)]
        let gemm = [b.node("QGemm", vector + matrix + [b.codes([2, 2], [2], 6)] + scale)] + scale
        let square = [b.codes([1, 2, 3, 4], [2, 2], 3), b.floats([1], []), b.codes([1], [], 3)]
        let product = [b.node("QLinearMatMul", gemm + square + scale)] + scale
        let output = b.node("DequantizeLinear", [b.node("QLinearSoftmax", product + scale)] + scale)
        return finished(b, output)
    }

    static func dynamicScales() -> ONNX_ModelProto {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 4, 4])
        b.model.graph.node.append(
            .with { ($0.opType, $0.name, $0.input, $0.output) = ("DynamicQuantizeLinear", "d", ["x"], ["q", "s", "z"]) })
        let w = b.codes([10, -20, 30, 127], [2, 2, 1, 1], 2)
        let conv = b.node("Cast", [b.node("ConvInteger", ["q", w, "z", b.codes([2], [], 2)])], ["to": .int(1)])
        let output = b.node("Mul", [conv, b.node("Mul", ["s", b.floats([0.25], [])])])
        return finished(b, output)
    }
}
