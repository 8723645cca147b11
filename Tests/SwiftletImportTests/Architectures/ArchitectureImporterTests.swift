import SharedFiles
import SwiftletArchitectures
import SwiftletGraph
import SwiftletImport
import SwiftletRuntime
import XCTest

final class ArchitectureImporterTests: XCTestCase {
    /// Ten classes, because the classifier is most of a small network.
    private func architecture(_ name: String, classes: Int = 10) throws -> Architecture {
        var architecture = try XCTUnwrap(Architecture.named(name))
        architecture.classes = classes
        return architecture
    }

    private func convolutions(_ network: Network) -> [String: Convolution] {
        var found: [String: Convolution] = [:]
        for layer in network.layers {
            if case .convolution(let convolution) = layer.operation { found[layer.name] = convolution }
        }
        return found
    }

    func testUnknownNameListsKnownOnes() {
        XCTAssertThrowsError(try ArchitectureImporter(named: "resnet50")) { error in
            XCTAssertTrue("\(error)".contains("resnet50") && "\(error)".contains("MobileNetV3_small_x0_35"), "\(error)")
        }
    }

    /// PaddleClas' own state-dict keys and shapes, for all ten networks.
    func testStateDictsOfPaddleClasAreAccepted() throws {
        for (name, model) in try PaddleClasTables.load().models {
            var tensors: [String: WeightTensor] = [:]
            for tensor in model.stateDict {
                tensors[tensor.key] = WeightTensor(shape: tensor.shape, values: [Float](repeating: 1, count: tensor.shape.reduce(1, *)))
            }
            let network = try ArchitectureImporter(architecture(name)).network(weights: tensors)
            XCTAssertEqual(network.tensors[network.output].channels, 1000, name)
        }
    }

    /// Keys as torchvision 0.20 and efficientnet-lite-pytorch 0.1.0 print them, where the numbering is not obvious.
    func testNamesOfOtherFamilies() throws {
        let small = FamilyWeights.make(try architecture("mobilenet_v3_small"))
        XCTAssertEqual(small.count, 210)
        for (name, shape) in [
            ("features.0.0.weight", [16, 3, 3, 3]), ("features.1.block.0.0.weight", [16, 1, 3, 3]),
            ("features.1.block.1.fc1.weight", [8, 16, 1, 1]),
            ("features.1.block.2.1.running_var", [16]), ("features.2.block.2.0.weight", [24, 72, 1, 1]),
            ("features.4.block.3.0.weight", [40, 96, 1, 1]),
            ("features.4.block.2.fc2.bias", [96]), ("features.12.0.weight", [576, 96, 1, 1]), ("classifier.0.weight", [1024, 576]),
            ("classifier.3.bias", [10]),
        ] {
            XCTAssertEqual(small[name]?.shape, shape, name)
        }
        let lite = FamilyWeights.make(try architecture("efficientnet_lite0"))
        XCTAssertEqual(lite.count, 247)
        for (name, shape) in [
            ("_conv_stem.weight", [32, 3, 3, 3]), ("_bn0.running_mean", [32]), ("_blocks.0._depthwise_conv.weight", [32, 1, 3, 3]),
            ("_blocks.1._expand_conv.weight", [96, 16, 1, 1]), ("_blocks.15._bn2.bias", [320]), ("_conv_head.weight", [1280, 320, 1, 1]),
            ("_bn1.weight", [1280]), ("_fc.weight", [10, 1280]),
        ] {
            XCTAssertEqual(lite[name]?.shape, shape, name)
        }
        XCTAssertNil(lite["_blocks.0._expand_conv.weight"])
        let second = FamilyWeights.make(try architecture("mobilenet_v2"))
        XCTAssertEqual(second.count, 262)
        for (name, shape) in [
            ("features.0.0.weight", [32, 3, 3, 3]), ("features.1.conv.0.0.weight", [32, 1, 3, 3]),
            ("features.1.conv.1.weight", [16, 32, 1, 1]), ("features.1.conv.2.running_var", [16]),
            ("features.2.conv.0.0.weight", [96, 16, 1, 1]), ("features.2.conv.1.0.weight", [96, 1, 3, 3]),
            ("features.2.conv.2.weight", [24, 96, 1, 1]), ("features.2.conv.3.bias", [24]), ("features.18.0.weight", [1280, 320, 1, 1]),
            ("classifier.1.weight", [10, 1280]),
        ] {
            XCTAssertEqual(second[name]?.shape, shape, name)
        }
    }

    func testEverythingThatDoesNotFitIsListed() throws {
        let importer = ArchitectureImporter(try architecture("MobileNetV3_small_x0_35"))
        var tensors = FamilyWeights.make(importer.architecture)
        tensors["conv.conv.weight"] = nil
        tensors["blocks.2.linear_conv.bn._mean"] = WeightTensor(shape: [9], values: [Float](repeating: 0, count: 9))
        tensors["head.weight"] = WeightTensor(shape: [1], values: [0])
        tensors["conv.bn.num_batches_tracked"] = WeightTensor(shape: [], values: [7])
        XCTAssertThrowsError(try importer.network(weights: tensors)) { error in
            XCTAssertEqual(
                (error as? WeightsMismatch)?.problems,
                ["missing conv.conv.weight [8, 3, 3, 3]", "blocks.2.linear_conv.bn._mean is [9], not [8]", "superfluous head.weight [1]"])
        }
    }

    func testClassesFollowTheClassifier() throws {
        for (name, weight, bias, shape) in [
            ("MobileNetV3_small_x0_35", "fc.weight", "fc.bias", [1280, 7]),
            ("mobilenet_v3_small", "classifier.3.weight", "classifier.3.bias", [7, 1024]),
        ] {
            let importer = ArchitectureImporter(try architecture(name))
            var tensors = FamilyWeights.make(importer.architecture)
            tensors[weight] = WeightTensor(shape: shape, values: [Float](repeating: 1, count: shape[0] * shape[1]))
            tensors[bias] = WeightTensor(shape: [7], values: [Float](repeating: 1, count: 7))
            let network = try importer.network(weights: tensors)
            XCTAssertEqual(network.tensors[network.output].channels, 7, name)
        }
    }

    func testEmptyClassifierOfAnySizeIsAnError() throws {
        let importer = ArchitectureImporter(try architecture("MobileNetV3_small_x0_35"))
        var tensors = FamilyWeights.make(importer.architecture)
        tensors["fc.weight"] = WeightTensor(shape: [0, 1 << 30], values: [])
        XCTAssertThrowsError(try importer.network(weights: tensors))
    }

    /// NCHW kernels become [out][kernel][kernel][in], and batch normalization is in them.
    func testFoldedStem() throws {
        let importer = ArchitectureImporter(try architecture("MobileNetV3_small_x0_35"))
        let tensors = FamilyWeights.make(importer.architecture)
        let stem = try XCTUnwrap(convolutions(importer.network(weights: tensors))["stem"])
        let raw = try XCTUnwrap(tensors["conv.conv.weight"]).values
        for (output, ky, kx, input) in [(0, 0, 0, 0), (3, 1, 2, 1), (7, 2, 2, 2)] {
            let o = Double(output)
            let factor = (1 + o * 0.01) / (0.5 + o * 0.02 + 1e-5).squareRoot()
            let expected = Double(raw[((output * 3 + input) * 3 + ky) * 3 + kx]) * factor
            XCTAssertEqual(Double(stem.weights[((output * 3 + ky) * 3 + kx) * 3 + input]), expected, accuracy: 1e-8)
            XCTAssertEqual(Double(stem.bias[output]), -0.2 + o * 0.01 - (0.1 - o * 0.01) * factor, accuracy: 1e-6)
        }
    }

    /// Paddle's linear weights are [in, out]; 0.8 of the dropout is in the weights, not in the bias.
    func testClassifierOfPaddleClas() throws {
        let importer = ArchitectureImporter(try architecture("MobileNetV3_small_x0_35"))
        let tensors = FamilyWeights.make(importer.architecture)
        let classifier = try XCTUnwrap(convolutions(importer.network(weights: tensors))["classifier"])
        let raw = try XCTUnwrap(tensors["fc.weight"]).values
        for (input, output) in [(0, 0), (5, 3), (1279, 9)] {
            XCTAssertEqual(classifier.weights[output * 1280 + input], raw[input * 10 + output] * 0.8)
        }
        XCTAssertEqual(classifier.bias, tensors["fc.bias"]?.values)
    }

    func testConstantsOfFamilies() throws {
        for (name, slope) in [("MobileNetV3_small_x0_35", Float(0.2)), ("mobilenet_v3_small", Float(1) / 6)] {
            let excite = convolutions(ArchitectureImporter(try architecture(name)).network(seed: 1))["blocks.0.excite"]
            XCTAssertEqual(excite?.activation, .hardSigmoid(slope: slope, offset: 0.5), name)
        }
    }

    /// TensorFlow's SAME pads an even map of 224 with stride 2 after it alone: 3x3 by (0, 1), 5x5 by (1, 2).
    func testPaddingOfEfficientNetLite() throws {
        let found = convolutions(ArchitectureImporter(try architecture("efficientnet_lite0")).network(seed: 1))
        for (name, before, after) in [
            ("stem", 0, 1), ("blocks.0.depthwise", 1, 1), ("blocks.3.depthwise", 1, 2), ("blocks.4.depthwise", 2, 2),
        ] {
            let window = try XCTUnwrap(found[name]).window
            XCTAssertEqual([window.padTop, window.padLeft, window.padBottom, window.padRight], [before, before, after, after], name)
        }
    }

    /// Shapes agree with what each layer's window makes of its input, and residuals join maps of one shape.
    func testShapes() throws {
        for name in ["MobileNetV3_small_x0_35", "mobilenet_v3_small"] {
            let network = ArchitectureImporter(try architecture(name)).network(seed: 1)
            XCTAssertEqual(network.layers.map(\.output), Array(1..<network.tensors.count))
            for layer in network.layers {
                let input = network.tensors[layer.inputs[0]]
                let output = network.tensors[layer.output]
                guard case .convolution(let convolution) = layer.operation else { continue }
                let size = try XCTUnwrap(convolution.window.outputSize(height: input.height, width: input.width))
                XCTAssertEqual([size.height, size.width, convolution.outputs], [output.height, output.width, output.channels], layer.name)
                XCTAssertEqual(convolution.inputsPerGroup * convolution.groups, input.channels, layer.name)
                if layer.inputs.count == 2 { XCTAssertEqual(network.tensors[layer.inputs[1]].count, output.count, layer.name) }
            }
        }
    }

    func testSeeds() throws {
        let importer = ArchitectureImporter(try architecture("MobileNetV3_small_x0_35"))
        let first = convolutions(importer.network(seed: 1))
        let again = convolutions(importer.network(seed: 1))
        let other = convolutions(importer.network(seed: 2))
        XCTAssertEqual(first["classifier"]?.weights, again["classifier"]?.weights)
        XCTAssertNotEqual(first["classifier"]?.weights, other["classifier"]?.weights)
    }
}
