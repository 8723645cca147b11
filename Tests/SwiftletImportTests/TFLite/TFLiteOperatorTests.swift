import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Operators without windows.
final class TFLiteOperatorTests: XCTestCase {
    private let x = TFLiteModelWriter.input
    /// [height 2][width 3][channels 4], some of it negative.
    private let picture = (1...24).map { Float($0 % 5 == 0 ? -$0 : $0) / 4 }

    private func check(
        _ expected: [Float], _ picture: [Float]? = nil, input: [Int] = [1, 2, 3, 4], line: UInt = #line,
        _ build: (inout TFLiteModelWriter) throws -> Int
    ) throws {
        var writer = TFLiteModelWriter(input: input)
        let output = try build(&writer)
        let result = try writer.result(output, picture ?? self.picture)
        XCTAssertEqual(result.count, expected.count, line: line)
        for (actual, wanted) in zip(result, expected) { XCTAssertEqual(actual, wanted, accuracy: 1e-5, line: line) }
    }

    /// The elements of `picture` of these channels.
    private func channels(_ chosen: [Int]) -> [Float] { (0..<6).flatMap { position in chosen.map { picture[position * 4 + $0] } } }

    func testActivations() throws {
        let functions: [(TFLiteModelWriter.Code, FlatBufferWriter.Table, (Float) -> Float)] = [
            (.relu, [:], { max($0, 0) }), (.relu6, [:], { min(max($0, 0), 6) }), (.reluN1To1, [:], { min(max($0, -1), 1) }),
            (.logistic, [:], { 1 / (1 + exp(-$0)) }), (.tanh, [:], { tanh($0) }), (.leakyRelu, [0: .float(0.25)], { $0 < 0 ? $0 / 4 : $0 }),
            (.hardSwish, [:], { $0 * min(max($0 + 3, 0), 6) / 6 }), (.gelu, [0: .int8(0)], { $0 * (1 + erf($0 * 0.70710677)) / 2 }),
        ]
        for (code, options, function) in functions {
            try check(picture.map(function)) { $0.node(code, [x], [1, 2, 3, 4], options) }
        }
    }

    func testConstantOperands() throws {
        let perChannel: [Float] = [1, 2, -4, 8]
        try check(picture.indices.map { picture[$0] - perChannel[$0 % 4] }) { $0.node(.sub, [x, $0.constant(perChannel)], [1, 2, 3, 4]) }
        try check(picture.map { 3 - $0 }) { $0.node(.sub, [$0.constant([3], []), x], [1, 2, 3, 4]) }
        try check(picture.indices.map { picture[$0] / perChannel[$0 % 4] }) {
            $0.node(.div, [x, $0.constant(perChannel, [1, 1, 1, 4])], [1, 2, 3, 4])
        }
        try check(picture.map { min(max($0, 0.5), 2) }) {
            $0.node(.minimum, [$0.node(.maximum, [x, $0.constant([0.5], [])], [1, 2, 3, 4]), $0.constant([2], [])], [1, 2, 3, 4])
        }
        try check(picture.indices.map { picture[$0] < 0 ? picture[$0] * perChannel[$0 % 4] : picture[$0] }) {
            $0.node(.prelu, [x, $0.constant(perChannel, [1, 1, 4])], [1, 2, 3, 4])
        }
    }

    func testParts() throws {
        try check(channels([2, 3, 0, 1])) {
            let parts = [$0.tensor([1, 2, 3, 2]), $0.tensor([1, 2, 3, 2])]
            $0.add(.split, [$0.integers([3], []), x], parts)
            return $0.node(.concatenation, parts.reversed(), [1, 2, 3, 4], [0: .int32(3)])
        }
        try check(channels([1, 2])) {
            $0.node(.slice, [x, $0.integers([0, 0, 0, 1]), $0.integers([-1, 2, 3, 2])], [1, 2, 3, 2])
        }
        // The end of the last axis is left out, and its stride is 2.
        try check(channels([1, 3])) {
            let ranges = [$0.integers([0, 0, 0, 1]), $0.integers([1, 2, 3, 0]), $0.integers([1, 1, 1, 2])]
            return $0.node(.stridedSlice, [x] + ranges, [1, 2, 3, 2], [0: .int32(1), 1: .int32(8)])
        }
        try check(channels([3, 0])) { $0.node(.gather, [x, $0.integers([3, 0])], [1, 2, 3, 2], [0: .int32(3)]) }
    }

    func testPadding() throws {
        // One row above, one column to the right.
        var expected = [Float](repeating: 0, count: 16)
        for row in 0..<2 { expected += picture[row * 12..<(row + 1) * 12] + [0, 0, 0, 0] }
        try check(expected) { $0.node(.pad, [x, $0.integers([0, 0, 1, 0, 0, 1, 0, 0], [4, 2])], [1, 3, 4, 4]) }
        try check(expected) {
            $0.node(.padV2, [x, $0.integers([0, 0, 1, 0, 0, 1, 0, 0], [4, 2]), $0.constant([0], [])], [1, 3, 4, 4])
        }
    }

    func testShapes() throws {
        // A mean without its axes, and a shape that is computed from the input's, as converters write it for an open batch.
        let means = (0..<4).map { channel in (0..<6).reduce(Float(0)) { $0 + picture[$1 * 4 + channel] } / 6 }
        try check(means) {
            let mean = $0.node(.mean, [x, $0.integers([1, 2])], [1, 4])
            let shape = $0.node(.shape, [mean], [2], [:], .int32)
            let ranges = [$0.integers([0]), $0.integers([1]), $0.integers([1])]
            let batch = $0.node(.stridedSlice, [shape] + ranges, [], [4: .int32(1)], .int32)
            let sizes = [$0.integers([1], []), $0.integers([1], []), $0.integers([4], [])]
            let target = $0.node(.pack, [batch] + sizes, [4], [0: .int32(4)], .int32)
            let map = $0.node(.reshape, [mean, target], [1, 1, 1, 4])
            let identity = $0.constant((0..<16).map { $0 % 5 == 0 ? 1 : 0 }, [4, 1, 1, 4])
            let conv = $0.node(.conv, [map, identity, -1], [1, 1, 1, 4], [1: .int32(1), 2: .int32(1)])
            return $0.node(.squeeze, [conv], [1, 4], [0: FlatBufferWriter.integers([1, 2], Int32.self)])
        }
        // The new shape as an option, of old files; a map flattened in TensorFlow's order.
        try check([picture.reduce(0, +), picture[5]]) {
            let flat = $0.node(.reshape, [x], [1, 24], [0: FlatBufferWriter.integers([-1, 24], Int32.self)])
            let matrix = $0.constant((0..<48).map { $0 < 24 || $0 == 29 ? 1 : 0 }, [2, 24])
            return $0.node(.fullyConnected, [flat, matrix, -1], [1, 2])
        }
    }

    func testHeads() throws {
        let logits: [Float] = [1, 3, 2]
        let heads: [(TFLiteModelWriter.Code, Head)] = [(.softmax, .softmax), (.logSoftmax, .logSoftmax), (.logistic, .sigmoid)]
        for (code, head) in heads {
            var writer = TFLiteModelWriter(input: [1, 3])
            let scaled = writer.node(.mul, [x, writer.constant([2])], [1, 3])
            let network = try writer.network(writer.node(code, [scaled], [1, 3], code == .softmax ? [0: .float(1)] : [:]))
            XCTAssertEqual(network.outputs[0].head, head)
            XCTAssertEqual(ReferenceExecutor(network).run(logits), [2, 6, 4])
        }
        var best = TFLiteModelWriter(input: [1, 3])
        let scaled = best.node(.mul, [x, best.constant([2])], [1, 3])
        let index = best.node(.argMax, [scaled, best.integers([1])], [1], [:], .int64)
        XCTAssertEqual(try best.network(index).outputs[0].head, .argMax)
        let largest = [best.tensor([1, 2]), best.tensor([1, 2], .int32)]
        best.add(.topK, [scaled, best.integers([2], [])], largest)
        XCTAssertEqual(try best.network(largest[1]).outputs[0].head, .topK)
    }

    /// As converters write it that keep PyTorch's order of axes.
    func testChannelsFirstInput() throws {
        var writer = TFLiteModelWriter(input: [1, 3, 2, 6])
        let last = writer.node(.transpose, [x, writer.integers([0, 2, 3, 1])], [1, 2, 6, 3])
        let conv = writer.node(
            .conv, [last, writer.constant([1, 10, 100], [1, 1, 1, 3]), -1], [1, 2, 6, 1], [1: .int32(1), 2: .int32(1)])
        let network = try writer.network(writer.node(.transpose, [conv, writer.integers([0, 3, 1, 2])], [1, 1, 2, 6]))
        XCTAssertEqual(network.tensors[network.input].channels, 3)
        XCTAssertEqual(network.tensors[network.input].height, 2)
        // The executor takes channels last.
        let picture = (0..<12).flatMap { position in (0..<3).map { Float($0 + position) } }
        let expected = (0..<12).map { Float(111 * $0 + 210) }
        XCTAssertEqual(ReferenceExecutor(network).run(picture), expected)
    }
}
