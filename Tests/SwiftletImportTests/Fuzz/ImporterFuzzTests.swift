import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Damages models and checkpoints in thousands of ways: reading each ends in a result or in an error of one line. SWIFTLET_FUZZ gives the
/// number of tries for a longer run, SWIFTLET_FUZZ_SEED another beginning.
final class ImporterFuzzTests: XCTestCase {
    private static let environment = ProcessInfo.processInfo.environment
    private static let tries = environment["SWIFTLET_FUZZ"].flatMap { Int($0) } ?? 3000
    private static let seed = environment["SWIFTLET_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

    /// Reads `tries` damaged files and says how many were refused, and what the slowest took.
    /// - Parameter share: a part of `tries`, where a test has several kinds of files.
    private func fuzz(
        _ what: String, share: Int = 1, damaged: (inout FuzzRandom) throws -> [UInt8], read: ([UInt8]) throws -> Void
    ) throws {
        let tries = Self.tries / share
        var random = FuzzRandom(seed: Self.seed)
        var refused = 0
        var slowest = Duration.zero
        for number in 0..<tries {
            let bytes = try damaged(&random)
            // What a crash leaves behind.
            if let folder = Self.environment["SWIFTLET_FUZZ_KEEP"] {
                try Data(bytes).write(to: URL(fileURLWithPath: folder).appendingPathComponent("\(what)-last"))
            }
            let time = ContinuousClock().measure {
                do {
                    try read(bytes)
                } catch {
                    XCTAssertFalse("\(error)".contains("\n"), "try \(number): \(error)")
                    refused += 1
                }
            }
            if time > slowest, time > .seconds(1) { print("\(what): try \(number) took \(time)") }
            slowest = max(slowest, time)
        }
        print("\(what): \(tries) tries, \(refused) refused, the slowest took \(slowest)")
        XCTAssertGreaterThan(refused, tries / 10)
        XCTAssertLessThan(refused, tries)
    }

    private func readModel(_ bytes: [UInt8]) throws {
        let graph = try ONNXImporter.load(bytes: bytes, file: "f", inputSize: nil)
        _ = try graph.network()
        _ = try graph.network(.exact)
    }

    func testModelsOfDamagedBytes() throws {
        let models = try FuzzModels.all().map { try $0.serializedBytes() as [UInt8] }
        for model in models { XCTAssertNoThrow(try readModel(model)) }
        try fuzz(
            "bytes",
            damaged: { random in
                random.damaged(random.pick(models))
            }, read: readModel)
    }

    func testModelsOfDamagedFields() throws {
        let models = try FuzzModels.all()
        try fuzz(
            "fields",
            damaged: { random in
                var model = random.pick(models)
                for _ in 0...random.below(3) { ONNXMutation.apply(to: &model.graph, &random) }
                return try model.serializedBytes()
            }, read: readModel)
    }

    /// Paddle's programs in both forms, their parameters, and those of models that are int8.
    func testPaddleModels() throws {
        let models = [PaddleModelWriter.small, .quantized]
        for (what, program) in [("ProgramDesc", \PaddleModelWriter.programDesc), ("PIR", \.pir)] {
            let files = models.map { ($0[keyPath: program], $0.parameterFile) }
            func read(_ program: [UInt8], _ parameters: [UInt8]) throws {
                let beside = MemoryFiles(files: ["m.pdiparams": parameters])
                let file = SourceFile(path: "m", bytes: program, neighbors: beside)
                switch try PaddleImporter.read(file, inputSize: nil) {
                case .graph(let graph), .quantized(let graph, _):
                    _ = try graph.network()
                    _ = try graph.network(.exact)
                case .weights: break
                }
            }
            var chosen = files[0]
            try fuzz(
                what, share: 5,
                damaged: { random in
                    chosen = random.pick(files)
                    return random.damaged(chosen.0)
                }, read: { try read($0, chosen.1) })
            try fuzz(
                "\(what)'s parameters", share: 5,
                damaged: { random in
                    chosen = random.pick(files)
                    return random.damaged(chosen.1)
                }, read: { try read(chosen.0, $0) })
        }
    }

    func testPaddleCheckpoints() throws {
        let array = PickleWriter.Value.raw(NumpyPickle.array([2, 3], [1, 2, 3, 4, 5, 6]))
        let state = PickleWriter.Value.dict([(.string("a.weight"), array), (.string("StructuredToParameterName@@"), .dict([]))])
        let files = [PickleWriter.pickle(state), PickleWriter.pickle(.dict([(.string("model"), state), (.string("epoch"), .int(3))]))]
        for file in files { XCTAssertEqual(try PaddleCheckpointImporter.tensors(in: file)["a.weight"]?.values, [1, 2, 3, 4, 5, 6]) }
        try fuzz(
            "Paddle checkpoints", share: 5,
            damaged: { random in
                random.damaged(random.pick(files))
            }, read: { _ = try PaddleCheckpointImporter.tensors(in: $0) })
    }

    func testPaddleNotes() throws {
        let text = """
            PreProcess:
              transform_ops:
              - ResizeImage: {resize_short: 256}
              - CropImage: {size: [224, 224]}
              - NormalizeImage: {scale: 0.00392157, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}
            PostProcess:
              Topk:
                label_list: [a, b, &c d, *c]
            """
        try fuzz(
            "inference.yml", share: 5,
            damaged: { random in
                random.damaged(Array(text.utf8))
            }, read: { _ = try PaddleDeployment.read($0, "inference.yml") })
    }

    func testCheckpoints() throws {
        var writer = CheckpointWriter()
        let wrapped = PickleWriter.Value.dict([
            (
                .string("state_dict"),
                .dict([
                    (.string("module.a.weight"), writer.tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])),
                    (.string("module.a.bias"), CheckpointWriter.tensor(writer.id(0), offset: 1, shape: [2, 1], strides: [2, 7])),
                ])
            )
        ])
        let files = [writer.zip(wrapped, checksums: false), writer.zip(wrapped, checksums: false, zip64: true), writer.legacy(wrapped)]
        try fuzz(
            "checkpoints",
            damaged: { random in
                random.damaged(random.pick(files))
            }, read: { _ = try PyTorchCheckpoint.tensors(in: $0) })
    }

    func testTFLiteModels() throws {
        try fuzz(
            "tflite",
            damaged: { random in
                random.damaged(random.pick(FuzzModels.tflite))
            },
            read: { bytes in
                _ = TFLiteMetadata(FileBytes(bytes))
                let graph = try TFLiteImporter.load(bytes: bytes, file: "f").graph
                _ = try graph.network()
                _ = try graph.network(.exact)
            })
    }
}
