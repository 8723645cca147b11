import SwiftletArchitectures
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// State dicts of timm's mobilenetv3_large_100, mobilenetv3_small_100 and efficientnet_lite0.
final class TimmNamesTests: XCTestCase {
    /// Keys as timm prints them, by torchvision's.
    private static let large = [
        "features.0.0.weight": "conv_stem.weight", "features.0.1.running_var": "bn1.running_var",
        "features.1.block.0.0.weight": "blocks.0.0.conv_dw.weight", "features.1.block.1.0.weight": "blocks.0.0.conv_pw.weight",
        "features.1.block.1.1.bias": "blocks.0.0.bn2.bias", "features.3.block.0.0.weight": "blocks.1.1.conv_pw.weight",
        "features.4.block.2.fc1.bias": "blocks.2.0.se.conv_reduce.bias", "features.4.block.3.1.weight": "blocks.2.0.bn3.weight",
        "features.10.block.1.0.weight": "blocks.3.3.conv_dw.weight", "features.15.block.3.0.weight": "blocks.5.2.conv_pwl.weight",
        "features.16.0.weight": "blocks.6.0.conv.weight", "features.16.1.weight": "blocks.6.0.bn1.weight",
        "classifier.0.weight": "conv_head.weight", "classifier.0.bias": "conv_head.bias", "classifier.3.weight": "classifier.weight",
    ]
    private static let small = [
        "features.1.block.1.fc2.weight": "blocks.0.0.se.conv_expand.weight", "features.1.block.2.0.weight": "blocks.0.0.conv_pw.weight",
        "features.3.block.0.0.weight": "blocks.1.1.conv_pw.weight", "features.11.block.3.0.weight": "blocks.4.2.conv_pwl.weight",
        "features.12.0.weight": "blocks.5.0.conv.weight",
    ]

    private static let lite = [
        "_conv_stem.weight": "conv_stem.weight", "_bn0.running_var": "bn1.running_var",
        "_blocks.0._depthwise_conv.weight": "blocks.0.0.conv_dw.weight", "_blocks.0._project_conv.weight": "blocks.0.0.conv_pw.weight",
        "_blocks.0._bn2.bias": "blocks.0.0.bn2.bias", "_blocks.2._expand_conv.weight": "blocks.1.1.conv_pw.weight",
        "_blocks.7._bn1.weight": "blocks.3.2.bn2.weight", "_blocks.8._depthwise_conv.weight": "blocks.4.0.conv_dw.weight",
        "_blocks.15._project_conv.weight": "blocks.6.0.conv_pwl.weight", "_conv_head.weight": "conv_head.weight",
        "_bn1.running_mean": "bn2.running_mean", "_fc.weight": "classifier.weight", "_fc.bias": "classifier.bias",
    ]

    private func architecture(_ name: String) throws -> Architecture {
        var architecture = try XCTUnwrap(Architecture.named(name))
        architecture.classes = 10
        return architecture
    }

    func testNames() throws {
        let networks = [("mobilenet_v3_large", Self.large), ("mobilenet_v3_small", Self.small), ("efficientnet_lite0", Self.lite)]
        for (name, keys) in networks {
            for (torchvision, timm) in keys {
                let tensors = [timm: WeightTensor(shape: [1], values: [1])]
                XCTAssertEqual(Array(TimmNames.renamed(tensors, for: try architecture(name)).keys), [torchvision])
            }
        }
    }

    /// timm's tensors make torchvision's network but for the epsilon of batch normalization.
    func testNetwork() throws {
        let architecture = try architecture("mobilenet_v3_small")
        let importer = ArchitectureImporter(architecture)
        let own = FamilyWeights.make(architecture)
        var timm: [String: WeightTensor] = [:]
        let reversed = try timmNames(architecture)
        for (name, tensor) in own {
            let key = try XCTUnwrap(reversed[name], name)
            let shape = key == "conv_head.weight" ? tensor.shape + [1, 1] : tensor.shape
            timm[key] = WeightTensor(shape: shape, values: tensor.values)
        }
        XCTAssertNil(importer.assumption(own))
        XCTAssertTrue(importer.assumption(timm)?.contains("--arch tf_mobilenetv3_small_100") ?? false)
        XCTAssertEqual(ArchitectureImporter.fitting(timm), ["mobilenet_v3_small"])
        let (expected, network) = (try importer.network(weights: own), try importer.network(weights: timm))
        for (a, b) in zip(expected.layers, network.layers) {
            guard case .convolution(let x) = a.operation, case .convolution(let y) = b.operation else { continue }
            let worst = zip(x.weights, y.weights).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
            let largest = x.weights.reduce(Float(0)) { max($0, abs($1)) }
            // Variances are 0.5 and more: 1e-3 in place of 1e-5 makes a thousandth.
            XCTAssertLessThan(worst, largest * 1.5e-3, a.name)
            XCTAssertEqual(a.name == "stem", a.name == "stem" && worst > 0, a.name)
        }
    }

    /// TensorFlow's weights pad to the size and have the family's epsilon; those that timm trained anew have neither.
    func testEfficientNetLite() throws {
        let architecture = try architecture("efficientnet_lite0")
        let own = FamilyWeights.make(architecture)
        let reversed = try timmNames(architecture)
        var timm: [String: WeightTensor] = [:]
        for (name, tensor) in own { timm[try XCTUnwrap(reversed[name], name)] = tensor }
        let expected = try ArchitectureImporter(architecture).network(weights: own)
        let converted = try ArchitectureImporter(named: "tf_efficientnet_lite0")
        let importer = try ArchitectureImporter(named: "efficientnet_lite0")
        XCTAssertNil(converted.assumption(timm))
        XCTAssertTrue(importer.assumption(timm)?.contains("--arch tf_efficientnet_lite0") ?? false)
        let (tensorFlow, anew) = (try converted.network(weights: timm), try importer.network(weights: timm))
        for (index, layer) in expected.layers.enumerated() {
            guard case .convolution(let a) = layer.operation, case .convolution(let b) = tensorFlow.layers[index].operation,
                case .convolution(let c) = anew.layers[index].operation
            else { continue }
            XCTAssertEqual(a.weights, b.weights, layer.name)
            XCTAssertEqual(a.window, b.window, layer.name)
            XCTAssertEqual(c.window.padTop, c.window.kernelHeight / 2, layer.name)
            XCTAssertEqual(c.window.padBottom, c.window.kernelHeight / 2, layer.name)
            XCTAssertEqual(a.weights == c.weights, layer.name == "classifier", layer.name)
        }
        XCTAssertEqual(ArchitectureImporter.fitting(timm), ["efficientnet_lite0"])
    }

    /// timm's name by the family's, found by giving one tensor at a time.
    private func timmNames(_ architecture: Architecture) throws -> [String: String] {
        var candidates = ["conv_stem", "bn1", "bn2", "conv_head", "classifier"]
        for stage in 0..<7 {
            for block in 0..<4 {
                for part in ["conv_pw", "conv_dw", "conv_pwl", "conv", "bn1", "bn2", "bn3", "se.conv_reduce", "se.conv_expand"] {
                    candidates.append("blocks.\(stage).\(block).\(part)")
                }
            }
        }
        let parts = ["weight", "bias", "running_mean", "running_var"]
        let all = candidates.flatMap { name in parts.map { "\(name).\($0)" } }
        let tensors = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, WeightTensor(shape: [1], values: [Float($0)])) })
        let renamed = TimmNames.renamed(tensors, for: architecture)
        return Dictionary(uniqueKeysWithValues: renamed.map { ($0.key, all[Int($0.value.values[0])]) })
    }
}
