import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// ONNX models that are int8 already, in each of their forms: the floats that they stand for, and the grids that they came with.
final class ONNXQuantizedTests: XCTestCase {
    private let picture: [Float] = [0.5, -1, 2, 3.26, -4.2, 0.1, 7, -8]

    private func read(_ builder: ONNXModelBuilder, _ output: String) throws -> (graph: Graph, grids: PublishedQuantization?) {
        let file = SourceFile(path: "m.onnx", bytes: [UInt8](try builder.data(output: output)))
        switch try ONNXImporter.read(file, inputSize: nil) {
        case .graph(let graph): return (graph, nil)
        case .quantized(let graph, let grids): return (graph, grids)
        case .weights: throw ONNXError.malformed(file: "m", reason: "weights")
        }
    }

    private func q(_ x: Float, _ scale: Float, _ zero: Float, _ low: Float, _ high: Float) -> Float {
        (min(max((x / scale).rounded(.toNearestOrEven) + zero, low), high) - zero) * scale
    }

    /// x -> Q, DQ -> Conv with int8 weights of two scales and an int32 bias -> Q, DQ.
    private func pairs() -> (ONNXModelBuilder, String) {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
        let (s, z) = (b.floats([0.5], []), b.codes([128], [], 2))
        let x = b.node("DequantizeLinear", [b.node("QuantizeLinear", ["x", s, z]), s, z])
        let w = b.node(
            "DequantizeLinear", [b.codes([10, -20, 30, 127], [2, 2, 1, 1], 3), b.floats([0.5, 0.25]), b.codes([0, 0], [2], 3)],
            ["axis": .int(0)])
        let bias = b.node("DequantizeLinear", [b.codes([4, -8], [2], 6), b.floats([0.25, 0.125])], ["axis": .int(0)])
        let conv = b.node("Conv", [x, w, bias])
        let (t, u) = (b.floats([2], []), b.codes([3], [], 3))
        let output = b.node("DequantizeLinear", [b.node("QuantizeLinear", [conv, t, u]), t, u])
        return (b, output)
    }

    private func expected(rounded: Bool) -> [Float] {
        (0..<4).flatMap { position -> [Float] in
            let x = (0..<2).map { rounded ? q(picture[position * 2 + $0], 0.5, 128, 0, 255) : picture[position * 2 + $0] }
            return [x[0] * 5 - x[1] * 10 + 1, x[0] * 7.5 + x[1] * 31.75 - 1].map { rounded ? q($0, 2, 3, -128, 127) : $0 }
        }
    }

    func testPairs() throws {
        let (builder, output) = pairs()
        let (graph, grids) = try read(builder, output)
        for (a, e) in zip(ReferenceExecutor(try graph.network()).run(picture), expected(rounded: false)) {
            XCTAssertEqual(a, e, accuracy: 1e-4)
        }
        let network = try graph.network(.exact)
        XCTAssertEqual(network.layers.count, 1)
        XCTAssertEqual(network.tensors[network.input].grid, PublishedGrid(scales: [0.5], zeroPoints: [128], lowest: 0, highest: 255))
        XCTAssertEqual(network.tensors[network.output].grid, PublishedGrid(scales: [2], zeroPoints: [3], lowest: -128, highest: 127))
        XCTAssertEqual(grids?.form, .pairs)
        XCTAssertEqual(grids?.weights.count, 2)
        XCTAssertEqual(grids?.activations.count, 2)
    }

    /// Integers of one grid that are read as another's: half the scale, two steps above.
    func testOtherScale() throws {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
        let quantized = b.node("QuantizeLinear", ["x", b.floats([0.5], []), b.codes([128], [], 2)])
        let output = b.node("DequantizeLinear", [quantized, b.floats([0.25], []), b.codes([126], [], 2)])
        let network = try read(b, output).graph.network()
        for (a, x) in zip(ReferenceExecutor(network).run(picture), picture) { XCTAssertEqual(a, x / 2 + 0.5, accuracy: 1e-5) }
    }

    /// The same as one operator on integers.
    func testIntegerOperators() throws {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
        let (s, z) = (b.floats([0.5], []), b.codes([128], [], 2))
        let x = b.node("QuantizeLinear", ["x", s, z])
        let weights = [b.codes([10, -20, 30, 127], [2, 2, 1, 1], 3), b.floats([0.5, 0.25]), b.codes([0, 0], [2], 3)]
        let (t, u) = (b.floats([2], []), b.codes([3], [], 3))
        let conv = b.node("QLinearConv", [x, s, z] + weights + [t, u, b.codes([4, -8], [2], 6)])
        let output = b.node("DequantizeLinear", [conv, t, u])
        let (graph, grids) = try read(b, output)
        for (a, e) in zip(ReferenceExecutor(try graph.network()).run(picture), expected(rounded: false)) {
            XCTAssertEqual(a, e, accuracy: 1e-4)
        }
        let network = try graph.network(.exact)
        XCTAssertEqual(network.layers.count, 1)
        XCTAssertEqual(network.tensors[network.output].grid?.zeroPoints, [3])
        XCTAssertEqual(grids?.form, .operators)
    }

    /// Every other operator on integers, against the same in floats.
    func testOtherIntegerOperators() throws {
        typealias Make = (inout ONNXModelBuilder, [String]) -> String
        let forms: [(Make, (Float, Float) -> [Float])] = [
            ({ b, x in b.node("QLinearAdd", x + x + [x[1], x[2]]) }, { a, c in [a + a, c + c] }),
            ({ b, x in b.node("QLinearMul", x + x + [x[1], x[2]]) }, { a, c in [a * a, c * c] }),
            (
                { b, x in
                    let gate = [b.node("QLinearSigmoid", x + [x[1], x[2]]), x[1], x[2]]
                    return b.node("QLinearMul", gate + gate + [x[1], x[2]])
                }, { a, c in [a, c].map { 1 / (1 + exp(-$0)) / (1 + exp(-$0)) } }
            ),
            (
                { b, x in b.node("QLinearLeakyRelu", x + [x[1], x[2]], ["alpha": .float(0.5)]) },
                { a, c in [a, c].map { $0 < 0 ? $0 / 2 : $0 } }
            ),
            ({ b, x in b.node("QLinearConcat", [x[1], x[2]] + x + x) }, { a, c in [a, c, a, c] }),
            (
                { b, x in
                    let w = [b.codes([1, 2, 3, 4], [2, 2], 3), b.floats([1, 0.5]), b.codes([0, 0], [2], 3)]
                    return b.node("QGemm", x + w + [b.codes([2, 2], [2], 6), x[1], x[2]])
                }, { a, c in [a + 3 * c + 1, 0.5 * (2 * a + 4 * c) + 0.5] }
            ),
            (
                { b, x in
                    let w = [b.codes([1, 2, 3, 4], [2, 2], 3), b.floats([1], []), b.codes([1], [], 3)]
                    return b.node("QLinearMatMul", x + w + [x[1], x[2]])
                },
                { a, c in [2 * c, a + 3 * c] }
            ),
        ]
        for (make, function) in forms {
            var b = ONNXModelBuilder(opset: 13, input: [1, 2])
            let x = [b.node("QuantizeLinear", ["x", b.floats([0.5], []), b.codes([128], [], 2)]), "", ""]
            let inputs = [x[0], b.model.graph.node[0].input[1], b.model.graph.node[0].input[2]]
            let result = make(&b, inputs)
            let output = b.node("DequantizeLinear", [result, inputs[1], inputs[2]])
            let actual = ReferenceExecutor(try read(b, output).graph.network()).run([1.5, -3])
            for (a, e) in zip(actual, function(1.5, -3)) { XCTAssertEqual(a, e, accuracy: 1e-5, "\(b.model.graph.node[1].opType)") }
            XCTAssertNoThrow(try read(b, output).graph.network(.exact))
        }
    }

    /// Scales that are computed while the model runs: the weights are known, and no grid of activations.
    func testDynamicScales() throws {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
        b.model.graph.node.append(
            .with { ($0.opType, $0.name, $0.input, $0.output) = ("DynamicQuantizeLinear", "d", ["x"], ["q", "s", "z"]) })
        let w = b.codes([10, -20, 30, 127], [2, 2, 1, 1], 2)
        let conv = b.node("Cast", [b.node("ConvInteger", ["q", w, "z", b.codes([2], [], 2)])], ["to": .int(1)])
        let scale = b.node("Mul", ["s", b.floats([0.25], [])])
        let output = b.node("Mul", [conv, scale])
        let (graph, grids) = try read(b, output)
        let found = ReferenceExecutor(try graph.network()).run(picture)
        let wanted = (0..<4).flatMap { position -> [Float] in
            let (x, y) = (picture[position * 2], picture[position * 2 + 1])
            return [2 * x - 5.5 * y, 7 * x + 31.25 * y]
        }
        for (a, e) in zip(found, wanted) { XCTAssertEqual(a, e, accuracy: 1e-4) }
        XCTAssertEqual(grids?.form, .dynamic)
        XCTAssertEqual(grids?.needsPictures, true)
    }

    /// Weights that are stored as floats, and put on a grid by operators.
    func testWeightsInFloats() throws {
        var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
        let (s, z) = (b.floats([0.5], []), b.codes([128], [], 2))
        let x = b.node("DequantizeLinear", [b.node("QuantizeLinear", ["x", s, z]), s, z])
        let (t, u) = (b.floats([0.25], []), b.codes([0], [], 3))
        let w = b.node("DequantizeLinear", [b.node("QuantizeLinear", [b.floats([0.3, -0.6, 40, 1], [2, 2, 1, 1]), t, u]), t, u])
        let output = b.node("Conv", [x, w])
        let (graph, grids) = try read(b, output)
        XCTAssertEqual(ReferenceExecutor(try graph.network()).run([1, 0, 0, 1, 0, 0, 0, 0]).prefix(4), [0.25, 31.75, -0.5, 1])
        XCTAssertEqual(grids?.weights.count, 1)
    }

    func testWhatIsNotSupported() throws {
        typealias Make = (inout ONNXModelBuilder, String, String) -> String
        let forms: [(Make, String)] = [
            ({ b, q, s in b.node("DequantizeLinear", [q, b.floats([0.5, 0.25]), b.codes([128, 128], [2], 2)]) }, "another scale"),
            ({ b, q, s in b.node("Relu", [q]) }, "computes with the integers"),
            ({ b, q, s in b.node("QLinearReduceMean", [q, s, "", s, ""]) }, "no such operator"),
            ({ b, q, s in b.node("QLinearAdd", [q, s, "", "x", s, "", s, ""]) }, "another scale"),
        ]
        for (make, reason) in forms {
            var b = ONNXModelBuilder(opset: 13, input: [1, 2, 2, 2])
            let s = b.floats([0.5], [])
            let q = b.node("QuantizeLinear", ["x", s, b.codes([128], [], 2)])
            let output = make(&b, q, s)
            XCTAssertThrowsError(try read(b, output).graph.network()) { error in
                guard case GraphError.unsupported(let nodes) = error else { return XCTFail("\(error)") }
                XCTAssertTrue(nodes.contains { $0.reason.contains(reason) }, "\(nodes)")
            }
        }
    }

    func testDamage() throws {
        let wrong: [(inout ONNXModelBuilder) -> String] = [
            { b in b.node("QuantizeLinear", ["x", b.floats([], [0])]) },
            { b in b.node("QuantizeLinear", ["x", b.floats([.nan], [])]) },
            { b in b.node("QuantizeLinear", ["x", b.floats([-1], [])]) },
            { b in b.node("QuantizeLinear", ["x", b.floats([1], []), b.codes([1, 2], [2], 2)]) },
            { b in b.node("DequantizeLinear", [b.codes([1, 2, 3], [3], 3), b.floats([1, 1])], ["axis": .int(0)]) },
            { b in b.node("DequantizeLinear", [b.codes([1, 2, 3], [3], 3), b.floats([1, 1])], ["axis": .int(-9)]) },
            { b in b.node("DequantizeLinear", [b.codes([1, 2, 3], [1 << 40], 3), b.floats([1], [])]) },
            { b in b.node("QuantizeLinear", ["x"]) },
            { b in b.node("QLinearConv", ["x"]) },
        ]
        for make in wrong {
            var b = ONNXModelBuilder(opset: 13)
            let output = b.node("Relu", [make(&b)])
            XCTAssertThrowsError(try read(b, output)) { XCTAssertFalse("\($0)".contains("\n"), "\($0)") }
        }
    }
}

extension ONNXModelBuilder {
    /// Integers that stand for floats, of one of TensorProto's element types.
    mutating func codes(_ values: [Int], _ shape: [Int], _ type: Int32) -> String {
        initializer(.with { ($0.dataType, $0.dims, $0.int32Data) = (type, shape.map(Int64.init), values.map(Int32.init)) })
    }
}
