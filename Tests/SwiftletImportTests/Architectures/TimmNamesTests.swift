import SwiftletArchitectures
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// State dicts of timm's mobilenetv3_large_100 and mobilenetv3_small_100.
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

    private func architecture(_ name: String) throws -> Architecture {
        var architecture = try XCTUnwrap(Architecture.named(name))
        architecture.classes = 10
        return architecture
    }

    func testNames() throws {
        for (name, keys) in [("mobilenet_v3_large", Self.large), ("mobilenet_v3_small", Self.small)] {
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
        XCTAssertTrue(importer.assumption(timm)?.contains("tf_mobilenetv3") ?? false)
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

    /// timm's name by torchvision's, found by giving one tensor at a time.
    private func timmNames(_ architecture: Architecture) throws -> [String: String] {
        var candidates = ["conv_stem", "bn1", "conv_head", "classifier"]
        for stage in 0..<6 {
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
