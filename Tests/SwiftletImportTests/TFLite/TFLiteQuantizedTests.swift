import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Weights in half precision and in integers, and models that compute in integers.
final class TFLiteQuantizedTests: XCTestCase {
    private typealias Grid = TFLiteModelWriter.Grid

    private let x = TFLiteModelWriter.input
    private let picture: [Float] = [1, -2, 0.5, 3, -1, 0.25, 2, 2]
    private let point: FlatBufferWriter.Table = [1: .int32(1), 2: .int32(1)]

    /// A 1x1 convolution of a 2x2 map of two channels with these weights, [outputs][inputs].
    private func expected(_ weights: [Float], bias: [Float] = [0, 0]) -> [Float] {
        (0..<8).map { index in
            let (position, output) = (index / 2, index % 2)
            let products = (0..<2).map { picture[2 * position + $0] * weights[2 * output + $0] }
            return bias[output] + products[0] + products[1]
        }
    }

    private func check(_ model: [UInt8], _ expected: [Float], line: UInt = #line) throws {
        let (graph, quantization) = try TFLiteImporter.load(bytes: model, file: "f")
        XCTAssertNil(quantization, line: line)
        let result = ReferenceExecutor(try graph.network()).run(picture)
        XCTAssertEqual(result.count, expected.count, line: line)
        for (actual, wanted) in zip(result, expected) { XCTAssertEqual(actual, wanted, accuracy: 1e-5, line: line) }
    }

    func testHalfPrecisionWeights() throws {
        var writer = TFLiteModelWriter(input: [1, 2, 2, 2])
        let halves = [writer.constant([1, 2, -3, 0.5], [2, 1, 1, 2], .float16), writer.constant([0.25, -1], nil, .float16)]
        let weights = writer.node(.dequantize, [halves[0]], [2, 1, 1, 2])
        let bias = writer.node(.dequantize, [halves[1]], [2])
        let output = writer.node(.conv, [x, weights, bias], [1, 2, 2, 2], point)
        try check(writer.bytes(output), expected([1, 2, -3, 0.5], bias: [0.25, -1]))
    }

    func testIntegerWeights() throws {
        // One scale for all, as older converters write it; one an output; asymmetric, of eight bits without a sign.
        let forms: [(TFLiteModelWriter.Element, [Float], Grid, [Float])] = [
            (.int8, [10, -20, 30, 127], Grid([0.5], [0]), [5, -10, 15, 63.5]),
            (.int8, [10, -20, 30, 127], Grid([0.5, 0.25], [0, 0]), [5, -10, 7.5, 31.75]),
            (.uint8, [10, 128, 255, 0], Grid([0.5], [128]), [-59, 0, 63.5, -64]),
        ]
        for (element, numbers, grid, weights) in forms {
            var writer = TFLiteModelWriter(input: [1, 2, 2, 2])
            let stored = writer.constant(numbers, [2, 1, 1, 2], element, grid)
            try check(writer.bytes(writer.node(.conv, [x, stored, -1], [1, 2, 2, 2], point)), expected(weights))
        }
        // A depthwise convolution has its scales along the last axis.
        var writer = TFLiteModelWriter(input: [1, 2, 2, 2])
        let stored = writer.constant([4, 8], [1, 1, 1, 2], .int8, Grid([0.5, 0.25], [0, 0], axis: 3))
        let options = point.merging([3: .int32(1)]) { $1 }
        try check(writer.bytes(writer.node(.depthwiseConv, [x, stored, -1], [1, 2, 2, 2], options)), expected([2, 0, 0, 2]))
    }

    /// A model whose activations are integers: the floats that it stands for, with the grids it came with.
    private func integerModel(biasGrid: Bool = true) -> [UInt8] {
        var writer = TFLiteModelWriter(input: [1, 2, 2, 2], .uint8, Grid([0.5], [128]))
        let signed = writer.node(.quantize, [x], [1, 2, 2, 2], [:], .int8, Grid([0.5], [0]))
        let weights = writer.constant([10, -20, 30, 127], [2, 1, 1, 2], .int8, Grid([0.5, 0.25], [0, 0]))
        let bias = writer.constant([4, -8], nil, .int32, biasGrid ? Grid([0.25, 0.125], [0, 0]) : nil)
        // Nothing below the zero point, -128, and 255 steps above it are 6: a ReLU6 that the converter has left out.
        let conv = writer.node(.conv, [signed, weights, bias], [1, 2, 2, 2], point, .int8, Grid([6.0 / 255], [-128]))
        return writer.bytes(writer.node(.dequantize, [conv], [1, 2, 2, 2]))
    }

    func testIntegerModel() throws {
        for hasBiasGrid in [true, false] {
            let (graph, quantization) = try TFLiteImporter.load(bytes: integerModel(biasGrid: hasBiasGrid), file: "f")
            let floats = expected([5, -10, 7.5, 31.75], bias: [1, -1]).map { min(max($0, 0), 6) }
            XCTAssertEqual(ReferenceExecutor(try graph.network()).run(picture), floats)

            let found = try XCTUnwrap(quantization)
            XCTAssertEqual(
                found.activations["x"], PublishedGrid(scales: [0.5], zeroPoints: [128], lowest: 0, highest: 255))
            XCTAssertEqual(found.activations["t4"]?.zeroPoints, [-128])
            XCTAssertEqual(found.activations["t4"]?.scales, [6.0 / 255])
            XCTAssertEqual(found.weights["t2"]?.scales, [0.5, 0.25])
            XCTAssertEqual(found.weights["t3"]?.scales, [0.25, 0.125])
            XCTAssertTrue(graph.values.contains { $0.name == "t4" })
        }
    }

    /// A grid that begins at 0 clamps sums as a ReLU does, but tells nothing new of products.
    func testGridsAfterProducts() throws {
        var writer = TFLiteModelWriter(input: [1, 2], .int8, Grid([0.5], [0]))
        let factor = writer.constant([4], [1], .int8, Grid([0.5], [0]))
        let product = writer.node(.mul, [x, factor], [1, 2], [:], .int8, Grid([0.5], [-128]))
        XCTAssertEqual(try writer.result(product, [-1, 1]), [-2, 2])
        let sum = writer.node(.add, [x, factor], [1, 2], [:], .int8, Grid([0.5], [-128]))
        XCTAssertEqual(try writer.result(sum, [-3, 1]), [0, 3])
    }

    /// A sixth in half precision is not a sixth, but meant to be one.
    func testHardSwishInHalfPrecision() throws {
        var writer = TFLiteModelWriter(input: [1, 2, 2, 2])
        let clamp = writer.node(.add, [x, writer.constant([3], [])], [1, 2, 2, 2], [0: .int8(3)])
        let sixth = writer.node(.dequantize, [writer.constant([1.0 / 6], [], .float16)], [])
        let output = writer.node(.mul, [x, writer.node(.mul, [clamp, sixth], [1, 2, 2, 2])], [1, 2, 2, 2])
        XCTAssertEqual(try writer.network(output).layers.count, 1)
        try check(writer.bytes(output), picture.map { $0 * min(max($0 + 3, 0), 6) / 6 })
    }

    func testIntegerModelIsSaidToBeOne() throws {
        let file = SourceFile(path: "m.tflite", bytes: integerModel())
        guard case .quantized(let graph, let grids) = try TFLiteImporter.read(file, inputSize: nil) else {
            return XCTFail("not said to be int8")
        }
        XCTAssertNoThrow(try graph.network())
        XCTAssertEqual(grids.form, .tensors)
        XCTAssertEqual(grids.weights.count, 2)
        XCTAssertEqual(grids.activations.count, 2)
    }

    /// An input of bytes that becomes floats at once makes no model of integers.
    func testPictureInBytes() throws {
        var writer = TFLiteModelWriter(input: [1, 2, 2, 2], .uint8, Grid([0.5], [128]))
        let floats = writer.node(.dequantize, [x], [1, 2, 2, 2])
        let weights = writer.constant([1, 2, -3, 0.5], [2, 1, 1, 2])
        try check(writer.bytes(writer.node(.conv, [floats, weights, -1], [1, 2, 2, 2], point)), expected([1, 2, -3, 0.5]))
    }
}
