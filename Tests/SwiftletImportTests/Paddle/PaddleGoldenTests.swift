import Foundation
import SharedFiles
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Whole models of the shared folder, as three versions of Paddle wrote them, against what Paddle computed.
final class PaddleGoldenTests: XCTestCase {
    private func imported(
        _ program: [UInt8], _ parameters: [UInt8], _ path: String
    ) throws -> ImportedModel {
        let files = MemoryFiles(files: ["inference.pdiparams": parameters])
        let file = SourceFile(path: path, bytes: program, weights: "inference.pdiparams", neighbors: files)
        XCTAssertEqual(try Importers.importer(for: file).format, "Paddle", path)
        return try PaddleImporter.read(file, inputSize: nil)
    }

    private func network(_ program: String, _ parameters: String) throws -> Network {
        guard
            case .graph(let graph) = try imported(
                SharedFolder.bytes("paddle/" + program), SharedFolder.bytes("paddle/" + parameters), program)
        else { throw XCTSkip("\(program) is no model in floats") }
        return try graph.network()
    }

    private func logits(_ network: Network, _ picture: [Float]) -> [Float] {
        ReferenceExecutor(network).run(channelsLast(picture, network.tensors[network.input]))
    }

    /// The largest difference, in parts of the largest expected value.
    private func error(_ actual: [Float], _ expected: [Float]) -> Float {
        guard actual.count == expected.count else { return .infinity }
        let scale = expected.map(abs).max() ?? 1
        return zip(actual, expected).map { abs($0 - $1) }.max()! / scale
    }

    func testProgramsGivePaddlesLogits() throws {
        let picture = try SharedFolder.floats("paddle/input224.npy")
        for program in ["inference.pdmodel", "inference.json"] {
            let network = try network("small_x0_35/" + program, "small_x0_35/inference.pdiparams")
            XCTAssertLessThan(error(logits(network, picture), try SharedFolder.floats("paddle/small_x0_35/logits.npy")), 1e-5, program)
            XCTAssertFalse(network.endsInSoftmax)
        }
    }

    func testEveryVersionsProgramsWithOneFileOfParameters() throws {
        let picture = try SharedFolder.floats("paddle/input224.npy")
        let expected = try SharedFolder.floats("paddle/small_x0_35_c10/logits.npy")
        for program in [
            "p262.pdmodel", "p300.json", "p331.json", "softmax_p262.pdmodel", "softmax_p331.json",
        ] {
            let network = try network("small_x0_35_c10/inference_" + program, "small_x0_35_c10/inference.pdiparams")
            let actual = logits(network, picture)
            XCTAssertLessThan(error(actual, expected), 1e-5, program)
            XCTAssertEqual(network.endsInSoftmax, program.hasPrefix("softmax"), program)
            guard network.endsInSoftmax else { continue }
            let shares = actual.map { Float(exp(Double($0))) }
            let sum = shares.reduce(0, +)
            XCTAssertLessThan(error(shares.map { $0 / sum }, try SharedFolder.floats("paddle/small_x0_35_c10/softmax.npy")), 1e-5, program)
        }
    }

    /// All that a fused layer computes is an output of one of the Python program's layers.
    func testEveryLayerOfASmallPicture() throws {
        struct Record: Decodable {
            let name: String
            let shape: [Int]
            let offset: Int
        }
        let picture = try SharedFolder.floats("paddle/small_x0_35/input64.npy")
        let records = try JSONDecoder().decode([Record].self, from: Data(SharedFolder.bytes("paddle/small_x0_35/acts64.json")))
        let bytes = try SharedFolder.bytes("paddle/small_x0_35/acts64.bin")
        let recorded = records.map { record in
            bytes.withUnsafeBytes { raw in
                (0..<record.shape.reduce(1, *)).map { raw.loadUnaligned(fromByteOffset: record.offset + 4 * $0, as: Float.self) }
            }
        }
        for program in ["inference.pdmodel", "inference.json"] {
            guard
                case .graph(var graph) = try imported(
                    SharedFolder.bytes("paddle/small_x0_35/" + program), SharedFolder.bytes("paddle/small_x0_35/inference.pdiparams"),
                    program)
            else { return XCTFail("\(program) is no model in floats") }
            // The program is for 224x224, but nothing in it depends on that.
            graph.values[graph.input].shape = [.batch, 3, 64, 64]
            let network = try graph.network()
            let tensors = ReferenceExecutor(network).tensors(for: channelsLast(picture, network.tensors[network.input]))
            var last = 0
            for layer in network.layers {
                let shape = network.tensors[layer.output]
                let actual = channelsFirst(tensors[layer.output], shape)
                let found = recorded.indices.first { $0 >= last && error(actual, recorded[$0]) < 1e-5 }
                last = try XCTUnwrap(found, "\(program): \(layer.name) is no recorded layer after \(records[last].name)")
            }
            XCTAssertEqual(records[last].name, "fc")
            XCTAssertLessThan(
                error(tensors[network.output], try SharedFolder.floats("paddle/small_x0_35/logits64.npy")), 1e-5, program)
        }
    }

    // MARK: int8

    private func quantized(_ program: [UInt8], _ parameters: [UInt8], _ path: String) throws -> (Network, PublishedQuantization) {
        guard case .quantized(let graph, let quantization) = try imported(program, parameters, path) else {
            throw XCTSkip("\(path) is no int8 model")
        }
        return (try graph.network(), quantization)
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    /// The FP32 weights that the four forms of int8 models imply: with activations in floats, these stay near the FP32 model.
    func testInt8ModelsImplyWeights() throws {
        let folder = "paddle/c10_int8/"
        let picture = try SharedFolder.floats("paddle/input224.npy")
        let float = try SharedFolder.floats("paddle/small_x0_35_c10/logits.npy")
        let reference = try network("small_x0_35_c10/inference_p262.pdmodel", "small_x0_35_c10/inference.pdiparams")
        let models: [(String, [UInt8], [UInt8], Double)] = [
            (
                "qdq_p262", try SharedFolder.bytes(folder + "qdq_p262/model.pdmodel"),
                try SharedFolder.bytes(folder + "qdq_p262/model.pdiparams"), 0.999
            ),
            (
                "old_p262", try SharedFolder.bytes(folder + "old_p262/model.pdmodel"),
                try SharedFolder.unpacked(folder + "old_p262/model.pdiparams.gz"), 0.999
            ),
            (
                "dygraph_p262", try SharedFolder.unpacked(folder + "dygraph_p262/inference.pdmodel.gz"),
                try SharedFolder.unpacked(folder + "dygraph_p262/inference.pdiparams.gz"), 0.999
            ),
            // One scale for all channels of a layer.
            (
                "pir_dygraph_p331", try SharedFolder.unpacked(folder + "pir_dygraph_p331/inference.json.gz"),
                try SharedFolder.unpacked(folder + "pir_dygraph_p331/inference.pdiparams.gz"), 0.95
            ),
        ]
        var implied: [[Float]] = []
        for (name, program, parameters, least) in models {
            let (network, quantization) = try quantized(program, parameters, name)
            XCTAssertEqual(network.macs, reference.macs, name)
            let actual = logits(network, picture)
            XCTAssertGreaterThan(cosine(actual, float), least, name)
            XCTAssertEqual(quantization.weights.count, 55, name)
            // The quantizers of layers that read one value are one.
            XCTAssertTrue((50...55).contains(quantization.activations.count), "\(name): \(quantization.activations.count)")
            implied.append(actual)
        }
        // The forms of one quantizer imply the same weights.
        XCTAssertLessThan(error(implied[0], implied[1]), 1e-5)
        XCTAssertLessThan(error(implied[0], implied[2]), 1e-5)
    }

    func testPublishedGridsAreKept() throws {
        let folder = "paddle/c10_int8/"
        let (_, quantization) = try quantized(
            SharedFolder.bytes(folder + "qdq_p262/model.pdmodel"), SharedFolder.bytes(folder + "qdq_p262/model.pdiparams"), "qdq")
        let stem = try XCTUnwrap(quantization.weights["conv2d_0.w_0"])
        let thresholds: [Float] = [0.9702372, 0.4498703, 1.1215099, 0.5104398]
        XCTAssertEqual(Array(stem.scales.prefix(4)), thresholds.map { $0 / 127 })
        XCTAssertEqual(stem.axis, 0)
        let input = try XCTUnwrap(quantization.activations["x"])
        XCTAssertEqual(input.scales, [2.5872002 / 127])
        XCTAssertEqual([input.lowest, input.highest], [-128, 127])
        XCTAssertEqual(input.rounding, .halfToEven)
        XCTAssertNotNil(quantization.observed["conv2d_0.tmp_0"])
        let (_, old) = try quantized(
            SharedFolder.bytes(folder + "old_p262/model.pdmodel"), SharedFolder.unpacked(folder + "old_p262/model.pdiparams.gz"), "old")
        let oldInput = try XCTUnwrap(old.activations["x"])
        XCTAssertEqual([oldInput.lowest, oldInput.highest], [-127, 127])
        XCTAssertEqual(oldInput.rounding, .halfAwayFromZero)
        XCTAssertEqual(old.weights["conv2d_0.w_0"]?.scales, stem.scales)
        XCTAssertEqual(old.weights["linear_0.w_0"]?.axis, 1)
    }

    /// A value that no picture made other than zero has the threshold 0: it does not become infinite or no number.
    func testThresholdsOfZero() throws {
        let folder = "paddle/c10_int8/pir_dygraph_p331/"
        let (_, quantization) = try quantized(
            SharedFolder.unpacked(folder + "inference.json.gz"), SharedFolder.unpacked(folder + "inference.pdiparams.gz"), "pir")
        let zero = try XCTUnwrap(quantization.activations.values.first { $0.scales == [0] })
        XCTAssertTrue(zero.isNothing)
        XCTAssertEqual(zero.rounded([3, -1e30], shape: [2]), [0, 0])
    }
}
