import Foundation
import SharedFiles
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Whole models of the shared folder.
final class ONNXModelTests: XCTestCase {
    private func network(_ path: String, inputSize: (height: Int, width: Int)? = nil) throws -> Network {
        try ONNXImporter.load(bytes: SharedFolder.bytes(path), file: path, inputSize: inputSize).network()
    }

    /// Both generations of Paddle's exporter, against Paddle's own logits.
    func testPaddleExportsGivePaddlesLogits() throws {
        let picture = try SharedFolder.floats("paddle/input224.npy")
        let logits = try SharedFolder.floats("paddle/small_x0_35_c10/logits.npy")
        for file in ["p2o131_opset14.onnx", "p2o210_opset13.onnx"] {
            let network = try network("paddle/small_x0_35_c10/\(file)")
            let result = ReferenceExecutor(network).run(channelsLast(picture, network.tensors[network.input]))
            XCTAssertEqual(result.count, logits.count)
            let scale = logits.map(abs).max() ?? 1
            for (actual, expected) in zip(result, logits) { XCTAssertEqual(actual / scale, expected / scale, accuracy: 1e-5, file) }
        }
    }

    /// Everything that has a fused form is fused: MobileNetV3-Small has 11 blocks of three convolutions, 9 of them with a
    /// squeeze-and-excite (a pool, two convolutions, a product), a block less an expansion aside, plus stem, last convolutions, pool and
    /// classifier.
    func testMobileNetsAreFusedCompletely() throws {
        let small: [(path: String, macs: Int, hardSwish: Int)] = [
            ("data/models/keras_mobilenet_v3_small_dith.onnx", 56_510_400, 19),
            ("paddle/small_x0_35_c10/p2o131_opset14.onnx", 11_894_328, 19),
            ("paddle/small_x0_35_c10/p2o210_opset13.onnx", 11_894_328, 19),
            ("peers/models/small_x0_35_fp32.onnx", 13_161_528, 19),
        ]
        for (path, macs, hardSwish) in small {
            let network = try network(path)
            XCTAssertEqual(network.macs, macs, path)
            XCTAssertEqual(activations(network).count { $0 == .hardSwish }, hardSwish, path)
            XCTAssertEqual(activations(network).count { if case .hardSigmoid = $0 { true } else { false } }, 9, path)
            let kinds = Set(network.statistics.map(\.kind))
            XCTAssertEqual(kinds, ["convolution", "depthwise", "linear", "global average pool", "multiply"], path)
            XCTAssertFalse(network.endsInSoftmax)
        }
    }

    /// The export has the + 3 of its hard-sigmoids in the biases before them.
    func testKerasGatesHaveNoOffset() throws {
        let network = try network("data/models/keras_mobilenet_v3_small_dith.onnx")
        for activation in activations(network) {
            if case .hardSigmoid(let slope, let offset) = activation {
                XCTAssertEqual(slope, 1 / 6, accuracy: 1e-7)
                XCTAssertEqual(offset, 0)
            }
        }
    }

    func testOpenInputSizeAndSoftmax() throws {
        let path = "data/models/ppocr_cls_mobilenet_v3_small_x035.onnx"
        XCTAssertThrowsError(try network(path)) { error in
            if error is XCTSkip { return }
            guard case ONNXError.inputSizeNeeded? = error as? ONNXError else { return XCTFail("\(error)") }
        }
        let network = try network(path, inputSize: (48, 192))
        XCTAssertTrue(network.endsInSoftmax)
        XCTAssertEqual(network.tensors[network.output].channels, 2)
        XCTAssertEqual(network.macs, 16_315_376)
        XCTAssertEqual(network.layers.count, 74)
        XCTAssertEqual(activations(network).count { $0 == .hardSwish }, 18)
    }

    func testReLU6Networks() throws {
        for (path, layers, macs) in [
            ("data/models/efficientnet_lite0.onnx", 51, 385_187_552), ("data/models/tf_mobilenet_v1_025.onnx", 29, 41_030_272),
        ] {
            let network = try network(path)
            XCTAssertEqual(network.layers.count, layers, path)
            XCTAssertEqual(network.macs, macs, path)
        }
    }

    private func activations(_ network: Network) -> [Activation] {
        network.layers.compactMap { if case .convolution(let convolution) = $0.operation { convolution.activation } else { nil } }
    }
}
