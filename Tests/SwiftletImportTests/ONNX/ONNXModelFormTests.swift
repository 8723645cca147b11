import SwiftProtobuf
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// What models have beside their layers: inputs that nothing reads, several results, ends that are no logits, quantized operators.
final class ONNXModelFormTests: XCTestCase {
    func testInputsThatNothingReads() throws {
        var builder = ONNXModelBuilder(opset: 13)
        builder.model.graph.input.append(.with { $0.name = "captured" })
        let output = builder.node("Relu", ["x"])
        XCTAssertEqual(try builder.graph(output: output).network().layers.count, 1)
    }

    func testNodesThatNoResultDependsOn() throws {
        var builder = ONNXModelBuilder(opset: 13)
        _ = builder.node("NonMaxSuppression", ["x"])
        let output = builder.node("Relu", ["x"])
        XCTAssertEqual(try builder.graph(output: output).network().layers.count, 1)
    }

    func testSeveralResults() throws {
        var builder = ONNXModelBuilder(opset: 13, input: [nil, 4])
        let logits = builder.node("Mul", ["x", builder.floats([2])])
        let best = builder.node("ArgMax", [logits], ["axis": .int(1)])
        let other = builder.node("Softmax", [builder.node("Relu", ["x"])])
        builder.model.graph.output = [best, logits, other].map { name in .with { $0.name = name } }
        let graph = try ONNXImporter.load(bytes: builder.model.serializedBytes(), file: "f")
        let network = try graph.network()
        XCTAssertEqual(network.outputs.map(\.name), [best, logits, other])
        XCTAssertEqual(network.outputs.map(\.head), [.argMax, .none, .softmax])
        XCTAssertEqual(network.outputs[0].tensor, network.outputs[1].tensor)
        XCTAssertNotEqual(network.outputs[0].tensor, network.outputs[2].tensor)
    }

    func testHeadsThatBakeTheAnswerIn() throws {
        let forms: [(Head, (inout ONNXModelBuilder, String) -> String)] = [
            (.argMax, { $0.node("Cast", [$0.node("ArgMax", [$1], ["axis": .int(-1), "keepdims": .int(0)])], ["to": .int(6)]) }),
            (.logSoftmax, { $0.node("LogSoftmax", [$1]) }),
            (.sigmoid, { $0.node("Squeeze", [$0.node("Sigmoid", [$1])]) }),
            (.topK, { $0.node("TopK", [$1, $0.integers([2])]) }),
            (.softmax, { $0.node("ArgMax", [$0.node("Softmax", [$1])], ["axis": .int(1)]) }),
        ]
        for (head, build) in forms {
            var builder = ONNXModelBuilder(opset: 13, input: [1, 4])
            let output = build(&builder, builder.node("Relu", ["x"]))
            let network = try builder.graph(output: output).network()
            XCTAssertEqual(network.outputs.map(\.head), [head])
            XCTAssertEqual(network.layers.count, 1, "\(head)")
        }
        // A share of shares is none of these.
        var builder = ONNXModelBuilder(opset: 13, input: [1, 4])
        let output = builder.node("Softmax", [builder.node("Softmax", [builder.node("Relu", ["x"])])])
        XCTAssertThrowsError(try builder.graph(output: output).network())
    }

    func testModelsExportedInTrainingModeAreSaidToBe() throws {
        let numbers: (inout ONNXModelBuilder) -> [String] = { builder in (0..<4).map { _ in builder.floats([1, 1]) } }
        let builds: [(inout ONNXModelBuilder) -> String] = [
            { $0.node("BatchNormalization", ["x"] + numbers(&$0), ["training_mode": .int(1)]) },
            { builder in
                let flag = builder.initializer(.with { ($0.dataType, $0.int32Data) = (9, [1]) })
                return builder.node("Dropout", ["x", builder.floats([0.5], []), flag])
            },
        ]
        for build in builds {
            var builder = ONNXModelBuilder(opset: 14)
            let output = build(&builder)
            XCTAssertThrowsError(try builder.graph(output: output).network()) { error in
                XCTAssertTrue("\(error)".contains("exported in training mode"), "\(error)")
            }
        }
        var builder = ONNXModelBuilder(opset: 14)
        let flag = builder.initializer(.with { ($0.dataType, $0.int32Data) = (9, [0]) })
        let output = builder.node("Relu", [builder.node("Dropout", ["x", builder.floats([0.5], []), flag])])
        XCTAssertEqual(try builder.graph(output: output).network().layers.count, 1)
    }

    /// A batch of one that is left out in between, as PyTorch does for channels-last maps: Reshape to [-1], Gather of all.
    func testABatchOfOneThatIsLeftOut() throws {
        var builder = ONNXModelBuilder(opset: 13, input: [1, 2, 3, 4])
        let mean = builder.node("ReduceMean", ["x"], ["axes": .ints([-1, -2])])
        let flat = builder.node("Reshape", [mean, builder.integers([-1])])
        let back = builder.node("Gather", [flat, builder.integers([0, 1], [1, 2, 1, 1])])
        let output = builder.node("Flatten", [back])
        XCTAssertEqual(try builder.result(output: output, (0..<24).map(Float.init)), [11, 12])
        builder.model.graph.input[0].type.tensorType.shape.dim[0] = .with { $0.dimParam = "N" }
        XCTAssertThrowsError(try builder.graph(output: output).network())
    }

    /// A picture of one channel in NHWC is reshaped where others are transposed, as tf2onnx does.
    func testPicturesOfOneChannelInNHWC() throws {
        var builder = ONNXModelBuilder(opset: 15, input: [nil, 2, 3, 1])
        let map = builder.node("Reshape", ["x", builder.integers([-1, 1, 2, 3])])
        let output = builder.node("Conv", [map, builder.floats([2, 3], [2, 1, 1, 1])])
        let network = try builder.graph(output: output).network()
        XCTAssertEqual(network.tensors[network.input], Tensor(name: "x", height: 2, width: 3, channels: 1))
        XCTAssertEqual(try builder.result(output: output, [1, 2, 3, 4, 5, 6]), [2, 3, 4, 6, 6, 9, 8, 12, 10, 15, 12, 18])
    }
}
