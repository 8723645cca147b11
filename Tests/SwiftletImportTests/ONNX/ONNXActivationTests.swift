import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Every activation against its definition.
final class ONNXActivationTests: XCTestCase {
    private let picture: [Float] = [-30, -3, -1, -0.25, 0, 0.25, 1, 3, 6, 30, -6, 0.5, 2, -2, 4, -4, 8, -8, 1.5, -1.5, 0.1, -0.1, 10, -10]

    private func check(
        _ type: String, _ attributes: [String: ONNXModelBuilder.Attribute] = [:], opset: Int = 20, line: UInt = #line,
        _ expected: (Double) -> Double
    ) throws {
        var builder = ONNXModelBuilder(opset: opset)
        let output = builder.node(type, ["x"], attributes)
        for (actual, x) in zip(try builder.result(output: output, picture), picture) {
            XCTAssertEqual(Double(actual), expected(Double(x)), accuracy: 1e-5 * max(1, abs(Double(x))), "\(type) of \(x)", line: line)
        }
    }

    func testFunctionsOfOneValue() throws {
        try check("LeakyRelu", ["alpha": .float(0.125)], opset: 7) { $0 < 0 ? $0 / 8 : $0 }
        try check("LeakyRelu") { $0 < 0 ? $0 / 100 : $0 }
        try check("Elu", opset: 7) { $0 < 0 ? exp($0) - 1 : $0 }
        try check("Selu") { 1.05070102 * ($0 < 0 ? 1.67326319 * (exp($0) - 1) : $0) }
        try check("Celu", ["alpha": .float(2)]) { $0 < 0 ? 2 * (exp($0 / 2) - 1) : $0 }
        try check("Tanh") { tanh($0) }
        try check("Softplus") { log(1 + exp($0)) }
        try check("Mish") { $0 * tanh(log(1 + exp($0))) }
        try check("Gelu") { $0 * (1 + erf($0 / 2.0.squareRoot())) / 2 }
        try check("Gelu", ["approximate": .string("tanh")]) {
            $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) / 2
        }
        try check("ThresholdedRelu", ["alpha": .float(0.5)]) { $0 > 0.5 ? $0 : 0 }
        try check("Swish", ["alpha": .float(0.5)], opset: 24) { $0 / (1 + exp(-$0 / 2)) }
    }

    func testSlopesPerChannel() throws {
        var builder = ONNXModelBuilder(opset: 13)
        let output = builder.node("PRelu", ["x", builder.floats([0.5, 0.25], [2, 1, 1])])
        let expected = picture.enumerated().map { $1 < 0 ? $1 * ($0 % 2 == 0 ? 0.5 : 0.25) : $1 }
        XCTAssertEqual(try builder.result(output: output, picture), expected)
    }

    /// Any number of operands.
    func testSumsMinimaAndMaxima() throws {
        for (type, expected) in [("Sum", { $0 + 3 }), ("Max", { max($0, 2) }), ("Min", { min($0, 1) })] as [(String, (Float) -> Float)] {
            var builder = ONNXModelBuilder(opset: 8)
            let output = builder.node(type, ["x", builder.floats([1], []), builder.floats([2], [])])
            XCTAssertEqual(try builder.result(output: output, picture), picture.map(expected))
        }
    }

    func testPoolingOfTheWholeMap() throws {
        let largest = (0..<2).map { channel in stride(from: channel, to: 24, by: 2).map { picture[$0] }.max()! }
        for (type, opset) in [("GlobalMaxPool", 9), ("ReduceMax", 13)] {
            var builder = ONNXModelBuilder(opset: opset)
            let output = builder.node(type, ["x"], type == "ReduceMax" ? ["axes": .ints([2, 3])] : [:])
            XCTAssertEqual(try builder.result(output: output, picture), largest)
        }
        // One after the other, and over merged axes.
        let means = (0..<2).map { channel in stride(from: channel, to: 24, by: 2).map { picture[$0] }.reduce(0, +) / 12 }
        var merged = ONNXModelBuilder(opset: 13)
        let flat = merged.node("Reshape", ["x", merged.integers([0, 2, -1])])
        let mean = merged.node("ReduceMean", [flat], ["axes": .ints([-1]), "keepdims": .int(0)])
        for (actual, expected) in zip(try merged.result(output: mean, picture), means) { XCTAssertEqual(actual, expected, accuracy: 1e-5) }
        var rows = ONNXModelBuilder(opset: 13)
        let first = rows.node("ReduceMean", ["x"], ["axes": .ints([3])])
        let second = rows.node("ReduceMean", [first], ["axes": .ints([2])])
        for (actual, expected) in zip(try rows.result(output: second, picture), means) { XCTAssertEqual(actual, expected, accuracy: 1e-5) }
    }

    /// Efficient channel attention: a convolution of one dimension over the channels of a vector.
    func testConvolutionsOverChannels() throws {
        var builder = ONNXModelBuilder(opset: 13, input: [nil, 4, 1, 1])
        let row = builder.node("Transpose", [builder.node("Squeeze", ["x", builder.integers([-1])])], ["perm": .ints([0, 2, 1])])
        let conv = builder.node(
            "Conv", [row, builder.floats([1, 10, 100], [1, 1, 3])], ["pads": .ints([1, 1]), "kernel_shape": .ints([3])])
        let column = builder.node("Unsqueeze", [builder.node("Transpose", [conv], ["perm": .ints([0, 2, 1])]), builder.integers([-1])])
        XCTAssertEqual(try builder.result(output: column, [1, 2, 3, 4]), [210, 321, 432, 43])
    }

    /// Padding with the lowest value there is before a maximum, as TensorFlow's "same" max pooling is exported.
    func testPaddingBelowAllValues() throws {
        var builder = ONNXModelBuilder(opset: 13, input: [nil, 1, 2, 2])
        let padded = builder.node("Pad", ["x", builder.integers([0, 0, 0, 0, 0, 0, 1, 1]), builder.floats([-.infinity], [])])
        let output = builder.node("MaxPool", [padded], ["kernel_shape": .ints([2, 2])])
        XCTAssertEqual(try builder.result(output: output, [-4, -3, -2, -1]), [-1, -1, -1, -1])
        XCTAssertEqual(try builder.graph(output: output).network().layers.count, 1)
    }
}
