import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

final class ONNXErrorTests: XCTestCase {
    private func error(
        _ builder: ONNXModelBuilder, output: String, inputSize: (height: Int, width: Int)? = nil, line: UInt = #line
    ) -> ONNXError? {
        do {
            _ = try builder.graph(output: output, inputSize: inputSize)
            XCTFail("no error", line: line)
            return nil
        } catch {
            XCTAssertFalse("\(error)".contains("\n"), line: line)
            XCTAssertTrue("\(error)".contains("test.onnx"), line: line)
            return error as? ONNXError
        }
    }

    func testBytesThatAreNoModel() throws {
        var builder = ONNXModelBuilder(opset: 13)
        let whole = try builder.data(output: builder.node("Relu", ["x"]))
        let endless = Data([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F])
        for data in [Data(), Data("#!/bin/sh\n".utf8), Data(repeating: 0xFF, count: 100), whole.dropLast(3), endless] {
            XCTAssertThrowsError(try ONNXImporter.load(bytes: [UInt8](data), file: "f")) { error in
                guard case ONNXError.malformed? = error as? ONNXError else { return XCTFail("\(error)") }
            }
        }
    }

    func testEveryUnsupportedNodeIsNamed() {
        var builder = ONNXModelBuilder(opset: 13)
        let up = builder.node("ConvTranspose", ["x", builder.floats([1], [1, 1, 1, 1])], name: "up1")
        let padded = builder.node("Pad", [up, builder.integers([0])], ["mode": .string("reflect")], name: "mirror")
        let relu = builder.node("Relu", [padded])
        let output = builder.node("ConvTranspose", [relu], name: "up2")
        let expected = [
            UnsupportedNode(name: "up1", kind: "ConvTranspose", reason: "no such operator here"),
            UnsupportedNode(name: "mirror", kind: "Pad", reason: "mode reflect"),
            UnsupportedNode(name: "up2", kind: "ConvTranspose", reason: "no such operator here"),
        ]
        XCTAssertEqual(try unsupported(builder, output: output), expected)
        XCTAssertThrowsError(try builder.graph(output: output).network()) { error in
            XCTAssertEqual(
                "\(error)", "unsupported operators: ConvTranspose (no such operator here): up1, up2; Pad (mode reflect): mirror")
        }
    }

    private func unsupported(_ builder: ONNXModelBuilder, output: String) throws -> [UnsupportedNode] {
        do {
            _ = try builder.graph(output: output).network()
            return []
        } catch GraphError.unsupported(let nodes) {
            return nodes
        }
    }

    func testOtherWaysToUseAnOperator() throws {
        let cases: [(String, [String: ONNXModelBuilder.Attribute])] = [
            ("MaxPool", ["kernel_shape": .ints([2, 2, 2])]), ("MaxPool", ["kernel_shape": .ints([2, 2]), "storage_order": .int(1)]),
            ("Cast", ["to": .int(8)]), ("Constant", ["value_string": .string("s")]), ("LayerNormalization", [:]),
        ]
        for (type, attributes) in cases {
            var builder = ONNXModelBuilder(opset: 13)
            let output = builder.node(type, ["x"], attributes, name: "odd")
            XCTAssertEqual(try unsupported(builder, output: output).map(\.name), ["odd"], type)
        }
    }

    func testFurtherOutputsThatAreUsed() {
        var builder = ONNXModelBuilder(opset: 13)
        let pooled = builder.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2])], name: "pool")
        builder.model.graph.node[0].output.append("indices")
        XCTAssertNoThrow(try builder.graph(output: pooled))
        let output = builder.node("Relu", ["indices"])
        XCTAssertEqual(try unsupported(builder, output: output).map(\.name), ["pool"])
    }

    func testContradictions() {
        let cases: [(String, (inout ONNXModelBuilder) -> String)] = [
            ("reads an unknown value", { $0.node("Relu", ["nothing"]) }),
            (
                "reads a later value",
                {
                    _ = $0.node("Relu", ["Relu_2"])
                    return $0.node("Relu", ["x"])
                }
            ),
            (
                "no such output",
                {
                    _ = $0.node("Relu", ["x"])
                    return "nothing"
                }
            ),
            ("too few inputs", { $0.node("Mul", ["x"]) }),
            ("a stride of 0", { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2]), "strides": .ints([0, 1])]) }),
            ("a negative pad", { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2]), "pads": .ints([0, -1, 0, 0])]) }),
            ("two strides", { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2]), "strides": .ints([1])]) }),
            ("an unknown auto_pad", { $0.node("MaxPool", ["x"], ["kernel_shape": .ints([2, 2]), "auto_pad": .string("SOME")]) }),
            ("no kernel", { $0.node("MaxPool", ["x"]) }),
            (
                "a value computed twice",
                { builder in
                    let output = builder.node("Relu", ["x"])
                    builder.model.graph.node.append(builder.model.graph.node[0])
                    return output
                }
            ),
            (
                "two initializers of one name",
                { builder in
                    let name = builder.floats([1])
                    builder.model.graph.initializer.append(builder.model.graph.initializer[0])
                    return builder.node("Mul", ["x", name])
                }
            ),
        ]
        for (what, build) in cases {
            var builder = ONNXModelBuilder(opset: 13)
            let output = build(&builder)
            guard case .malformed? = error(builder, output: output) else { return XCTFail(what) }
        }
    }

    func testModelsAsAWhole() {
        var two = ONNXModelBuilder(opset: 13)
        two.model.graph.input.append(two.model.graph.input[0])
        two.model.graph.input[1].name = "y"
        let sum = two.node("Add", ["x", "y"])
        guard case .unsupportedModel? = error(two, output: sum) else { return XCTFail() }

        for opset in [6, 26] {
            var builder = ONNXModelBuilder(opset: opset)
            let output = builder.node("Relu", ["x"])
            guard case .unsupportedModel? = error(builder, output: output) else { return XCTFail() }
        }
        for shape in [[1, 3, 8], [1, nil, 8, 8], [1]] as [[Int?]] {
            var builder = ONNXModelBuilder(opset: 13, input: shape)
            let output = builder.node("Relu", ["x"])
            guard case .unsupportedModel? = error(builder, output: output) else { return XCTFail() }
        }
    }

    func testInputSize() throws {
        var open = ONNXModelBuilder(opset: 13, input: [nil, 3, nil, nil])
        let output = open.node("Relu", ["x"])
        XCTAssertEqual(error(open, output: output), .inputSizeNeeded(file: "test.onnx", shape: "[?, 3, ?, ?]"))
        XCTAssertTrue(ONNXError.inputSizeNeeded(file: "f", shape: "[]").description.contains("--resize HxW"))
        let network = try open.graph(output: output, inputSize: (48, 192)).network()
        XCTAssertEqual(network.tensors[network.input], Tensor(name: "x", height: 48, width: 192, channels: 3))

        var fixed = ONNXModelBuilder(opset: 13, input: [nil, 3, 8, 8])
        let same = fixed.node("Relu", ["x"])
        XCTAssertNoThrow(try fixed.graph(output: same, inputSize: (8, 8)))
        guard case .unsupportedModel? = error(fixed, output: same, inputSize: (8, 9)) else { return XCTFail() }
    }

    /// As files of IR version 3 have it.
    func testInitializersAmongTheInputs() throws {
        var builder = ONNXModelBuilder(opset: 9)
        let factor = builder.floats([2])
        builder.model.graph.input.append(.with { $0.name = factor })
        let output = builder.node("Mul", ["x", factor])
        XCTAssertEqual(try builder.result(output: output, [Float](repeating: 1, count: 24)), [Float](repeating: 2, count: 24))
    }

    func testNodesWithoutNamesAreNamedAfterTheirOutputs() throws {
        var builder = ONNXModelBuilder(opset: 9)
        let first = builder.node("Sigmoid", ["x"], name: "")
        let second = builder.node("Relu", [first], name: "same")
        let third = builder.node("Sigmoid", [second], name: "same")
        let graph = try builder.graph(output: third)
        XCTAssertEqual(graph.nodes.map(\.name), ["Sigmoid_1", "same", "same#2"])
    }

    /// Whatever is done to a file, reading it ends in a graph or in one line.
    func testDamagedFiles() throws {
        var builder = ONNXModelBuilder(opset: 13)
        let weights = builder.floats((0..<36).map { Float($0) }, [2, 2, 3, 3])
        let conv = builder.node("Conv", ["x", weights], ["pads": .ints([1, 1, 1, 1]), "group": .int(1), "strides": .ints([1, 2])])
        let shape = builder.node("Shape", [conv])
        let batch = builder.node("Slice", [shape, builder.integers([0]), builder.integers([1]), builder.integers([0])])
        let flat = builder.node("Reshape", [conv, builder.node("Concat", [batch, builder.integers([-1])], ["axis": .int(0)])])
        let output = builder.node("Gemm", [flat, builder.floats((0..<24).map { Float($0) }, [12, 2])], ["transB": .int(0)])
        let whole = [UInt8](try builder.data(output: output))
        XCTAssertNoThrow(try ONNXImporter.load(bytes: [UInt8](whole), file: "f").network())

        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var rejected = 0
        for _ in 0..<1000 {
            var bytes = whole
            for _ in 0...random(3) {
                switch random(3) {
                case 0: bytes[random(bytes.count)] = UInt8(random(256))
                case 1: bytes[random(bytes.count)] ^= 1 << UInt8(random(8))
                default: bytes.remove(at: random(bytes.count))
                }
            }
            do {
                _ = try ONNXImporter.load(bytes: [UInt8](bytes), file: "f").network()
            } catch {
                XCTAssertFalse("\(error)".contains("\n"), "\(error)")
                rejected += 1
            }
        }
        XCTAssertGreaterThan(rejected, 100)
    }
}
