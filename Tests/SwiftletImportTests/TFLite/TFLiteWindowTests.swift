import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Convolutions, poolings and whole networks beside TensorFlow's definitions of them.
final class TFLiteWindowTests: XCTestCase {
    private typealias Map = TensorFlowReference.Map
    private typealias Window = TensorFlowReference.Window

    /// Numbers without a pattern between -1 and 1.
    private func numbers(_ count: Int, _ seed: UInt64) -> [Float] {
        var random = FuzzRandom(seed: seed)
        return (0..<count).map { _ in Float(random.below(2001) - 1000) / 1000 }
    }

    private func check(_ actual: [Float], _ expected: [Float], line: UInt = #line) {
        XCTAssertEqual(actual.count, expected.count, line: line)
        for (value, wanted) in zip(actual, expected) { XCTAssertEqual(value, wanted, accuracy: 1e-5, line: line) }
    }

    /// Strides and sizes for which SAME pads nothing, as much on both sides, or more at the end.
    private let windows = [
        Window(kernel: (3, 3)), Window(kernel: (3, 3), stride: (2, 2)), Window(kernel: (2, 3), stride: (2, 1)),
        Window(kernel: (3, 2), stride: (1, 2), isSame: false), Window(kernel: (3, 3), dilation: (2, 1)), Window(kernel: (1, 1)),
    ]

    func testConvolutions() throws {
        for window in windows {
            for (height, width) in [(6, 7), (7, 6)] {
                let x = Map(height: height, width: width, values: numbers(height * width * 2, 1))
                let weights = numbers(3 * window.kernel.height * window.kernel.width * 2, 2)
                let expected = TensorFlowReference.convolution(x, weights, [0.5, -0.25, 0], window)
                var writer = TFLiteModelWriter(input: [1, height, width, 2])
                let inputs = [
                    TFLiteModelWriter.input, writer.constant(weights, [3, window.kernel.height, window.kernel.width, 2]),
                    writer.constant([0.5, -0.25, 0]),
                ]
                let output = writer.node(
                    .conv, inputs, [1, expected.height, expected.width, 3],
                    [
                        0: .int8(window.isSame ? 0 : 1), 1: .int32(window.stride.width), 2: .int32(window.stride.height),
                        4: .int32(window.dilation.width), 5: .int32(window.dilation.height),
                    ])
                check(try writer.result(output, x.values), expected.values)
            }
        }
    }

    func testDepthwiseConvolutionsWithMultiplier() throws {
        for window in windows {
            let x = Map(height: 6, width: 7, values: numbers(6 * 7 * 2, 3))
            let weights = numbers(window.kernel.height * window.kernel.width * 6, 4)
            let bias = numbers(6, 5)
            let expected = TensorFlowReference.depthwise(x, weights, bias, window)
            var writer = TFLiteModelWriter(input: [1, 6, 7, 2])
            let inputs = [
                TFLiteModelWriter.input, writer.constant(weights, [1, window.kernel.height, window.kernel.width, 6]), writer.constant(bias),
            ]
            let output = writer.node(
                .depthwiseConv, inputs, [1, expected.height, expected.width, 6],
                [
                    0: .int8(window.isSame ? 0 : 1), 1: .int32(window.stride.width), 2: .int32(window.stride.height), 3: .int32(3),
                    5: .int32(window.dilation.width), 6: .int32(window.dilation.height),
                ])
            check(try writer.result(output, x.values), expected.values)
        }
    }

    func testPoolings() throws {
        for window in windows where window.dilation == (1, 1) {
            let x = Map(height: 5, width: 6, values: numbers(5 * 6 * 2, 6))
            for (code, expected) in [
                (TFLiteModelWriter.Code.averagePool, TensorFlowReference.averagePool(x, window)),
                (.maxPool, TensorFlowReference.maxPool(x, window)),
            ] {
                var writer = TFLiteModelWriter(input: [1, 5, 6, 2])
                let output = writer.node(
                    code, [TFLiteModelWriter.input], [1, expected.height, expected.width, 2],
                    [
                        0: .int8(window.isSame ? 0 : 1), 1: .int32(window.stride.width), 2: .int32(window.stride.height),
                        3: .int32(window.kernel.width), 4: .int32(window.kernel.height),
                    ])
                check(try writer.result(output, x.values), expected.values)
            }
        }
    }

    func testFusedActivations() throws {
        let x: [Float] = [-3, -0.5, 0.25, 0.75, 4, 9]
        let activations: [(Int, (Float) -> Float)] = [
            (0, { $0 }), (1, { max($0, 0) }), (2, { min(max($0, -1), 1) }), (3, { min(max($0, 0), 6) }),
        ]
        for (number, function) in activations {
            var writer = TFLiteModelWriter(input: [1, 6])
            let sum = writer.node(.add, [TFLiteModelWriter.input, writer.constant([0.5])], [1, 6], [0: .int8(number)])
            check(try writer.result(sum, x), x.map { function($0 + 0.5) })
            var layer = TFLiteModelWriter(input: [1, 6])
            let matrix = layer.constant((0..<36).map { $0 % 7 == 0 ? 1 : 0 }, [6, 6])
            check(
                try layer.result(layer.node(.fullyConnected, [TFLiteModelWriter.input, matrix, -1], [1, 6], [0: .int8(number)]), x),
                x.map(function))
        }
    }

    /// Height and width may be kept (a product for each position), flattened with the channels, or gone.
    func testFullyConnectedOnMaps() throws {
        let x = Map(height: 2, width: 2, values: numbers(8, 7))
        let weights = numbers(6, 8)
        var kept = TFLiteModelWriter(input: [1, 2, 2, 2])
        let product = kept.node(
            .fullyConnected, [TFLiteModelWriter.input, kept.constant(weights, [3, 2]), -1], [1, 2, 2, 3], [2: .int8(1)])
        check(
            try kept.result(product, x.values),
            TensorFlowReference.convolution(x, weights, [0, 0, 0], Window(kernel: (1, 1))).values)

        let matrix = numbers(24, 9)
        var flat = TFLiteModelWriter(input: [1, 2, 2, 2])
        let row = flat.node(.fullyConnected, [TFLiteModelWriter.input, flat.constant(matrix, [3, 8]), -1], [1, 3])
        check(
            try flat.result(row, x.values),
            TensorFlowReference.convolution(x, matrix, [0, 0, 0], Window(kernel: (2, 2), isSame: false)).values)
    }

    /// A block as MobileNetV3's: convolution, depthwise, squeeze-and-excite, projection with a residual, mean, linear layer, softmax.
    func testNetwork() throws {
        let x = Map(height: 5, width: 5, values: numbers(75, 10))
        let (first, second, gate, project, matrix) = (numbers(108, 11), numbers(36, 12), numbers(16, 13), numbers(16, 14), numbers(8, 15))
        let bias = numbers(4, 16)
        var writer = TFLiteModelWriter(input: [1, 5, 5, 3])
        let stem = writer.node(
            .conv, [TFLiteModelWriter.input, writer.constant(first, [4, 3, 3, 3]), writer.constant(bias)], [1, 3, 3, 4],
            [1: .int32(2), 2: .int32(2), 3: .int8(3)])
        let swish = writer.node(.hardSwish, [stem], [1, 3, 3, 4])
        let depthwise = writer.node(
            .depthwiseConv, [swish, writer.constant(second, [1, 3, 3, 4]), writer.constant(bias)], [1, 3, 3, 4],
            [1: .int32(1), 2: .int32(1), 3: .int32(1), 4: .int8(1)])
        let mean = writer.node(.mean, [depthwise, writer.integers([1, 2])], [1, 1, 1, 4], [0: .int8(1)])
        let excite = writer.node(
            .conv, [mean, writer.constant(gate, [4, 1, 1, 4]), -1], [1, 1, 1, 4], [1: .int32(1), 2: .int32(1)])
        let gated = writer.node(.mul, [depthwise, writer.node(.logistic, [excite], [1, 1, 1, 4])], [1, 3, 3, 4])
        let projected = writer.node(
            .conv, [gated, writer.constant(project, [4, 1, 1, 4]), -1], [1, 3, 3, 4], [1: .int32(1), 2: .int32(1)])
        let sum = writer.node(.add, [projected, swish], [1, 3, 3, 4])
        let vector = writer.node(.mean, [sum, writer.integers([1, 2])], [1, 4])
        let logits = writer.node(.fullyConnected, [vector, writer.constant(matrix, [2, 4]), -1], [1, 2])
        let network = try writer.network(writer.node(.softmax, [logits], [1, 2], [0: .float(1)]))
        XCTAssertTrue(network.endsInSoftmax)

        let point = Window(kernel: (1, 1))
        var map = TensorFlowReference.convolution(x, first, bias, Window(kernel: (3, 3), stride: (2, 2)))
        map.values = map.values.map { min(max($0, 0), 6) }
        map.values = map.values.map { $0 * min(max($0 + 3, 0), 6) / 6 }
        let residual = map.values
        map = TensorFlowReference.depthwise(map, second, bias, Window(kernel: (3, 3)))
        map.values = map.values.map { max($0, 0) }
        let whole = Window(kernel: (3, 3), isSame: false)
        let factors = TensorFlowReference.convolution(TensorFlowReference.averagePool(map, whole), gate, [0, 0, 0, 0], point).values
        map.values = map.values.indices.map { map.values[$0] / (1 + exp(-factors[$0 % 4])) }
        map = TensorFlowReference.convolution(map, project, [0, 0, 0, 0], point)
        map.values = zip(map.values, residual).map { $0 + $1 }
        let expected = TensorFlowReference.convolution(TensorFlowReference.averagePool(map, whole), matrix, [0, 0], point).values
        check(ReferenceExecutor(network).run(x.values), expected)
        // All transpositions have cancelled out; the sum and all activations but the hard-swish are parts of other layers.
        XCTAssertEqual(network.layers.count, 9)
    }
}
