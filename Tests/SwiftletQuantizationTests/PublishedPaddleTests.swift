import SharedFiles
import SwiftletGraph
import SwiftletImport
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Paddle's int8 models of the shared folder, run as published, against what Paddle computed.
final class PublishedPaddleTests: XCTestCase {
    private struct Beside: NeighborFiles {
        let parameters: [UInt8]
        func names(in folder: String) -> [String] { [] }
        func read(_ path: String, atMost most: Int) -> [UInt8] { parameters }
    }

    /// The model's logits of input224.npy by the int8 kernels.
    private func logits(_ program: [UInt8], _ parameters: [UInt8], _ grids: GridUse) throws -> ([Float], PublishedResult) {
        let file = SourceFile(path: "m", bytes: program, weights: "p", neighbors: Beside(parameters: parameters))
        guard case .quantized(let graph, _) = try PaddleImporter.read(file, inputSize: nil) else {
            throw XCTSkip("no int8 model")
        }
        let network = try graph.network(grids)
        let result = try PublishedQuantizer(network, input: .measured, derivesGrids: grids == .everywhere).run()
        let shape = network.tensors[network.input]
        let picture = try SharedFolder.floats("paddle/input224.npy")
        let positions = shape.height * shape.width
        let channelsLast = (0..<shape.count).map { picture[$0 % shape.channels * positions + $0 / shape.channels] }
        return (try SwiftletQuantizationTests.logits(try load(try lowerInt8(network, result.quantized)), channelsLast), result)
    }

    private func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func dot(_ x: [Float], _ y: [Float]) -> Double { zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }

    private func top(_ logits: [Float]) -> [Int] {
        Array(logits.indices.sorted { logits[$0] > logits[$1] }.prefix(5))
    }

    /// - Parameters:
    ///   - least: what the cosine has to be. These networks of random weights amplify the last bit: a change of what is rounded by 1e-6 of
    ///     itself moves Paddle's own result of the older form to 0.998, and of small_x0_35 to 0.9986; three thousandths of a step move
    ///     them to 0.9974 and 0.9985. An int32 bias is as far from Paddle's float.
    ///   - all: what is computed: values that Paddle leaves in floats on grids, or also in FP32.
    private func check(
        _ name: String, _ program: [UInt8], _ parameters: [UInt8], _ golden: String, least: Double, all: [GridUse] = [.everywhere]
    ) throws {
        let expected = try SharedFolder.floats("paddle/\(golden)")
        for grids in all {
            let (actual, result) = try logits(program, parameters, grids)
            XCTAssertEqual(actual.count, expected.count, name)
            let likeness = cosine(actual, expected)
            print("\(name), \(grids): cosine \(likeness); \(result.lines.joined(separator: "; "))")
            XCTAssertGreaterThanOrEqual(likeness, least, "\(name), \(grids)")
            XCTAssertEqual(result.roundedOutputs, 0, name)
            XCTAssertEqual(Set(top(actual)), Set(top(expected)), "\(name), \(grids)")
        }
    }

    func testStaticModels() throws {
        let folder = "paddle/c10_int8/"
        try check(
            "qdq_p262", SharedFolder.bytes(folder + "qdq_p262/model.pdmodel"), SharedFolder.bytes(folder + "qdq_p262/model.pdiparams"),
            "c10_int8/qdq_p262/logits.npy", least: 0.999, all: [.everywhere, .exact])
        try check(
            "old_p262", SharedFolder.bytes(folder + "old_p262/model.pdmodel"),
            SharedFolder.unpacked(folder + "old_p262/model.pdiparams.gz"), "c10_int8/old_p262/logits.npy", least: 0.995)
        try check(
            "small_x0_35_int8_qdq", SharedFolder.bytes("paddle/small_x0_35_int8_qdq/model.pdmodel"),
            SharedFolder.bytes("paddle/small_x0_35_int8_qdq/model.pdiparams"), "small_x0_35_int8_qdq/logits.npy", least: 0.9975)
    }

    func testDynamicModels() throws {
        let folder = "paddle/c10_int8/"
        try check(
            "dygraph_p262", SharedFolder.unpacked(folder + "dygraph_p262/inference.pdmodel.gz"),
            SharedFolder.unpacked(folder + "dygraph_p262/inference.pdiparams.gz"), "c10_int8/dygraph_p262/logits.npy", least: 0.9995)
        try check(
            "pir_dygraph_p331", SharedFolder.unpacked(folder + "pir_dygraph_p331/inference.json.gz"),
            SharedFolder.unpacked(folder + "pir_dygraph_p331/inference.pdiparams.gz"), "c10_int8/pir_dygraph_p331/logits_eager.npy",
            least: 0.9995)
    }
}
