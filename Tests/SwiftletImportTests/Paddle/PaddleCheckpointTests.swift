import Foundation
import SharedFiles
import SwiftletArchitectures
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// `.pdparams` files of two versions of Paddle and numpy.
final class PaddleCheckpointTests: XCTestCase {
    private static let versions = ["paddle262_numpy1", "paddle331_numpy2"]

    private func tensors(_ name: String) throws -> [String: WeightTensor] {
        try PaddleCheckpointImporter.tensors(in: SharedFolder.bytes("paddle/pdparams_tiny/\(name).pdparams"))
    }

    func testProtocolsAndNesting() throws {
        let expected = try JSONDecoder().decode([String: [Float]].self, from: Data(SharedFolder.bytes("paddle/pdparams_tiny/expected.json")))
        for version in Self.versions {
            for variant in ["p2", "p3", "p4", "nested_p2", "nested_p4"] {
                let tensors = try tensors("\(version)_\(variant)")
                XCTAssertEqual(tensors.mapValues(\.values), expected, "\(version)_\(variant)")
                XCTAssertEqual(tensors["0.weight"]?.shape, [4, 3, 3, 3])
            }
        }
    }

    func testFortranOrder() throws {
        for version in Self.versions {
            let tensors = try tensors("\(version)_fortran_p4")
            XCTAssertEqual(tensors["c"], WeightTensor(shape: [2, 3], values: [0, 1, 2, 3, 4, 5]), version)
            XCTAssertEqual(tensors["f"], WeightTensor(shape: [2, 3], values: [10, 11, 12, 13, 14, 15]), version)
        }
    }

    func testElementTypes() throws {
        for version in Self.versions {
            let tensors = try tensors("\(version)_dtypes_p4")
            XCTAssertEqual(tensors["big"]?.shape, [100, 200])
            XCTAssertEqual(tensors["big"]?.values, (0..<20_000).map(Float.init))
            let small: [String: [Float]] = [
                "f64": [0, 1, 2], "f16": [0, 1, 2], "bf16": [1, 1, 1], "i64": [0, 1, 2], "i8": [-3, -2, -1, 0, 1, 2], "bool": [1, 0],
                "scalar": [2.5],
            ]
            XCTAssertEqual(tensors.filter { $0.key != "big" }.mapValues(\.values), small, version)
            XCTAssertEqual(tensors["scalar"]?.shape, [])
        }
    }

    /// The whole state dict of a network, whose inference model stands beside it.
    func testStateDictOfANetwork() throws {
        let weights = try PaddleCheckpointImporter.tensors(in: SharedFolder.bytes("paddle/small_x0_35_c10/model.pdparams"))
        let network = try ArchitectureImporter(named: "MobileNetV3_small_x0_35").network(weights: weights)
        let picture = try SharedFolder.floats("paddle/input224.npy")
        let actual = ReferenceExecutor(network).run(channelsLast(picture, network.tensors[network.input]))
        let expected = try SharedFolder.floats("paddle/small_x0_35_c10/logits.npy")
        let scale = expected.map(abs).max()!
        XCTAssertEqual(actual.count, 10)
        for (a, e) in zip(actual, expected) { XCTAssertEqual(a / scale, e / scale, accuracy: 1e-5) }
        XCTAssertEqual(ArchitectureImporter.fitting(weights), ["MobileNetV3_small_x0_35", "MobileNetV3_small_x0_35_ssld"])
    }
}
