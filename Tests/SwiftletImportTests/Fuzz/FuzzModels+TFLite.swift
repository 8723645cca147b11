/// Small TensorFlow Lite models that together use every way of storing and most operators.
extension FuzzModels {
    static let tflite = [floatTFLite(), integerTFLite()]

    private static func floatTFLite() -> [UInt8] {
        var b = TFLiteModelWriter(input: [1, 4, 4, 2])
        let x = TFLiteModelWriter.input
        let weights = b.node(.dequantize, [b.constant((0..<36).map { Float($0) }, [2, 3, 3, 2], .float16)], [2, 3, 3, 2])
        let conv = b.node(.conv, [x, weights, b.constant([1, 2])], [1, 2, 2, 2], [1: .int32(2), 2: .int32(2), 3: .int8(3)])
        let depthwise = b.node(
            .depthwiseConv, [conv, b.constant((0..<16).map { Float($0) }, [1, 2, 2, 4]), -1], [1, 2, 2, 4],
            [1: .int32(1), 2: .int32(1), 3: .int32(2)])
        let parts = [b.tensor([1, 2, 2, 2]), b.tensor([1, 2, 2, 2])]
        b.add(.split, [b.integers([3], []), depthwise], parts)
        let sum = b.node(.add, [b.node(.mul, [parts[0], parts[1]], [1, 2, 2, 2]), conv], [1, 2, 2, 2], [0: .int8(1)])
        let ranges = [b.integers([0, 0, 0, 0]), b.integers([1, 2, 2, 1]), b.integers([1, 1, 1, 1])]
        let slice = b.node(.stridedSlice, [sum] + ranges, [1, 2, 2, 1])
        let joined = b.node(.concatenation, [sum, slice], [1, 2, 2, 3], [0: .int32(3)])
        let padded = b.node(.pad, [joined, b.integers([0, 0, 1, 0, 0, 1, 0, 0], [4, 2])], [1, 3, 3, 3])
        let pool = b.node(.averagePool, [padded], [1, 3, 3, 3], [1: .int32(1), 2: .int32(1), 3: .int32(2), 4: .int32(2)])
        let mean = b.node(.mean, [b.node(.hardSwish, [pool], [1, 3, 3, 3]), b.integers([1, 2])], [1, 1, 1, 3], [0: .int8(1)])
        let row = b.node(.reshape, [mean, b.integers([-1, 3])], [1, 3])
        let logits = b.node(.fullyConnected, [row, b.constant((0..<6).map { Float($0) }, [2, 3])], [1, 2])
        return b.bytes(b.node(.softmax, [logits], [1, 2], [0: .float(1)]))
    }

    private static func integerTFLite() -> [UInt8] {
        var b = TFLiteModelWriter(input: [1, 3, 3, 2], .uint8, .init([0.5], [128]))
        let signed = b.node(.quantize, [TFLiteModelWriter.input], [1, 3, 3, 2], [:], .int8, .init([0.5], [0]))
        let weights = b.constant([1, 2, 3, 4], [2, 1, 1, 2], .int8, .init([0.5, 0.25], [0, 0]))
        let conv = b.node(
            .conv, [signed, weights, b.constant([4, -8], nil, .int32)], [1, 3, 3, 2], [1: .int32(1), 2: .int32(1)], .int8,
            .init([0.0235], [-128]))
        let mean = b.node(.mean, [conv, b.integers([1, 2])], [1, 2], [:], .int8, .init([0.0235], [-128]))
        let matrix = b.constant([10, 128, 255, 0], [2, 2], .uint8, .init([0.5], [128]))
        let logits = b.node(.fullyConnected, [mean, matrix, -1], [1, 2], [:], .int8, .init([0.25], [3]))
        return b.bytes(b.node(.dequantize, [logits], [1, 2]))
    }
}
