import CAllocationCounter
import TestSupport
import XCTest

@testable import SwiftletRuntime

/// Sessions of models with several outputs, vectors and maps.
final class SessionOutputTests: XCTestCase {
    private static let pictures: [[UInt8]] = {
        var random = SplitMix64(seed: 5)
        return (0..<3).map { _ in (0..<(17 * 15 * 3)).map { _ in UInt8.random(in: 0...255, using: &random) } }
    }()

    /// By picture and output.
    private static func values(
        _ model: Model, threads: Int = 1, batch: Int = 1, pictureOperators: Int = 0, keepsTensors: Bool = false
    ) throws -> [[[Float]]] {
        let session = try Session(
            model, threads: threads, batch: batch, keepsTensors: keepsTensors, allowsOversubscription: true,
            pictureOperators: pictureOperators)
        for index in 0..<batch { try pictures[index].withUnsafeBufferPointer { try session.setInput(pixels: $0, at: index) } }
        session.run()
        return (0..<batch).map { picture in model.outputs.indices.map { Array(session.values(of: $0, at: picture)) } }
    }

    func testEqualForAllInstructionSetsThreadsAndBatches() throws {
        let bytes = SmallModel.withSeveralOutputs().finish()
        let reference = try Self.values(Model(bytes: bytes, instructionSet: .scalar))[0]
        XCTAssertEqual(reference.map(\.count), [512, 10, 1728, 24])
        for output in reference { XCTAssertGreaterThan(Set(output).count, 3) }
        for set in InstructionSet.available {
            let model = try Model(bytes: bytes, instructionSet: set)
            for threads in 1...3 {
                XCTAssertEqual(try Self.values(model, threads: threads)[0], reference, "\(set), \(threads) threads")
            }
            for pictureOperators in [0, 3, 9, model.operators.count] {
                let batch = try Self.values(model, threads: 2, batch: 3, pictureOperators: pictureOperators)
                XCTAssertEqual(batch[0], reference, "\(set), \(pictureOperators) operators picture by picture")
                XCTAssertNotEqual(batch[1], reference)
            }
        }
    }

    /// Nothing that a later operator writes reaches an output.
    func testOutputsAreTheTensors() throws {
        let model = try Model(bytes: SmallModel.withSeveralOutputs().finish())
        let session = try Session(model, keepsTensors: true)
        try Self.pictures[0].withUnsafeBufferPointer { try session.setInput(pixels: $0) }
        session.run()
        let values = try Self.values(model)[0]
        for (index, output) in model.outputs.enumerated() { XCTAssertEqual(try session.tensor(output.tensor), values[index], output.name) }
        // The logits are those of the model that has no other output.
        XCTAssertEqual(try Self.values(Model(bytes: SmallModel.bytes()))[0][0], values[1])
    }

    func testCopyingOutputsAllocatesNothing() throws {
        try XCTSkipUnless(allocations_are_counted(), "allocations are not counted under ThreadSanitizer")
        let model = try Model(bytes: SmallModel.withSeveralOutputs().finish())
        let session = try Session(model)
        let expected = try Self.values(model)[0]
        var (map, gate) = ([Float](repeating: 0, count: 512), [Float](repeating: 0, count: 24))
        let pixels = Self.pictures[0]
        func run(_ times: Int) throws {
            var mapSpan = map.mutableSpan
            var gateSpan = gate.mutableSpan
            for _ in 0..<times {
                try session.run(pixels: pixels.span)
                try session.copyOutput(0, into: &mapSpan)
                try session.copyOutput(named: "gate", into: &gateSpan)
            }
        }
        try run(1)
        XCTAssertEqual(try fewestAllocations { try run(100) }, 0)
        XCTAssertEqual([map, gate], [expected[0], expected[3]])
    }

    func testWhatDoesNotFitIsAnError() throws {
        let session = try Session(Model(bytes: SmallModel.withSeveralOutputs().finish()))
        var room = [Float](repeating: 0, count: 11)
        func message(_ body: (inout MutableSpan<Float>) throws -> Void) -> String {
            var span = room.mutableSpan
            do {
                try body(&span)
                return "nothing"
            } catch {
                return (error as? SwiftletError)?.kind == .badInput ? "\(error)" : "another error"
            }
        }
        XCTAssertEqual(message { try session.copyOutput(1, into: &$0) }, "the number of values there is room for is 11, not 10")
        XCTAssertEqual(message { try session.copyOutput(4, into: &$0) }, "the output's number is 4, not 0 to 3")
        XCTAssertEqual(message { try session.copyOutput(-1, into: &$0) }, "the output's number is -1, not 0 to 3")
        XCTAssertEqual(
            message { try session.copyOutput(named: "b", into: &$0) },
            "small: no output is called b; inspect lists them")
    }
}
