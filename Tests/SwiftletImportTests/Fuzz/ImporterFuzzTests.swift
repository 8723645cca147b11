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
    private func fuzz(_ what: String, damaged: (inout FuzzRandom) throws -> [UInt8], read: ([UInt8]) throws -> Void) throws {
        var random = FuzzRandom(seed: Self.seed)
        var refused = 0
        var slowest = Duration.zero
        for number in 0..<Self.tries {
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
        print("\(what): \(Self.tries) tries, \(refused) refused, the slowest took \(slowest)")
        XCTAssertGreaterThan(refused, Self.tries / 10)
        XCTAssertLessThan(refused, Self.tries)
    }

    private func readModel(_ bytes: [UInt8]) throws {
        _ = try ONNXImporter.load(bytes: bytes, file: "f", inputSize: nil).network()
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
                _ = TFLiteConventions(bytes)
                _ = try TFLiteImporter.load(bytes: bytes, file: "f").graph.network()
            })
    }
}
