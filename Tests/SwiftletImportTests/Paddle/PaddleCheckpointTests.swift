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
        let expected = try JSONDecoder().decode(
            [String: [Float]].self, from: Data(SharedFolder.bytes("paddle/pdparams_tiny/expected.json")))
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

    /// Checkpoints with PaddleClas' layer names. Ten classes, because the classifier is most of a small network; that all networks' names
    /// are PaddleClas' is tested with `ArchitectureImporter`.
    func testNamesOfNetworks() throws {
        for name in ["MobileNetV3_small_x0_35_ssld", "MobileNetV3_large_x0_35"] {
            var architecture = try XCTUnwrap(Architecture.named(name))
            architecture.classes = 10
            let weights = FamilyWeights.make(architecture)
            XCTAssertEqual(weights.count, name.contains("large") ? 270 : 214, name)
            let entries = weights.map { key, tensor in
                (PickleWriter.Value.string(key), PickleWriter.Value.raw(NumpyPickle.array(tensor.shape, tensor.values)))
            }
            let names = PickleWriter.Value.dict(weights.keys.map { (.string($0), .string("conv2d_0.w_0")) })
            let pickle = PickleWriter.pickle(.dict(entries + [(.string("StructuredToParameterName@@"), names)]))
            let read = try PaddleCheckpointImporter.tensors(in: pickle)
            XCTAssertEqual(read, weights, name)
            let network = try ArchitectureImporter(named: name).network(weights: read)
            XCTAssertEqual(network.tensors[network.output].channels, 10, name)
        }
    }

    /// Whatever is not needed for arrays is refused by name, and what contradicts itself in one line.
    func testWhatIsRefused() {
        func failure(_ value: PickleWriter.Value) -> String {
            do {
                return "read: \(try PaddleCheckpointImporter.tensors(in: PickleWriter.pickle(value)))"
            } catch {
                return "\(error)"
            }
        }
        let call = PickleWriter.Value.call(.global("os", "system"), [.string("true")])
        XCTAssertTrue(failure(.dict([(.string("w"), call)])).contains("the pickle names os.system"))
        XCTAssertTrue(failure(.dict([(.string("w"), .call(.global("builtins", "eval"), [.string("1")]))])).contains("builtins.eval"))
        let shapes: [[Int]] = [[3], [1 << 31, 1 << 31], [0], [-1 + 1 << 32, 2]]
        for shape in shapes {
            let text = failure(.dict([(.string("w"), .raw(NumpyPickle.array(shape, [1, 2])))]))
            XCTAssertTrue(text.contains("tensor w"), text)
        }
        XCTAssertTrue(failure(.dict([(.string("epoch"), .int(1))])).contains("no state dict"))
        let shared = NumpyPickle.array([1000], [Float](repeating: 1, count: 1000)) + [UInt8(ascii: "q"), 0]
        let many = (0..<10_000).map { (PickleWriter.Value.string("w\($0)"), PickleWriter.Value.raw([UInt8(ascii: "h"), 0])) }
        let text = failure(.dict([(.string("w"), .raw(shared))] + many))
        XCTAssertTrue(text.contains("more values than the file has room for"), text)
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
