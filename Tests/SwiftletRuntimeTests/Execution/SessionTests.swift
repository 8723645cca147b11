import CAllocationCounter
import SwiftletArchitectures
import TestSupport
import XCTest

@testable import SwiftletRuntime

final class SessionTests: XCTestCase {
    private static let picture: [UInt8] = {
        var random = SplitMix64(seed: 3)
        return (0..<(17 * 15 * 3)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }()

    private static func logits(_ model: Model, threads: Int = 1, batch: Int = 1, at index: Int = 0) throws -> [Float] {
        let session = try Session(model, threads: threads, batch: batch, allowsOversubscription: true)
        for item in 0..<batch { try Self.picture.withUnsafeBufferPointer { try session.setInput(pixels: $0, at: item) } }
        session.run()
        return Array(session.logits(at: index))
    }

    func testEqualForAllInstructionSetsAndThreads() throws {
        let reference = try Self.logits(Model(bytes: SmallModel.bytes(), instructionSet: .scalar))
        XCTAssertGreaterThan(Set(reference).count, 3)
        for set in InstructionSet.available {
            let model = try Model(bytes: SmallModel.bytes(), instructionSet: set)
            for threads in 1...4 {
                XCTAssertEqual(
                    try Self.logits(model, threads: threads), reference, "\(set), \(threads) threads")
            }
        }
    }

    /// [channels][height][width] is the same picture as [height][width][channels], also where the last block is not full.
    func testPlanes() throws {
        let architecture = try XCTUnwrap(Architecture.named("MobileNetV3_small_x0_35"))
        let models = [SmallModel.bytes(), RandomModel.bytes(of: architecture, precision: .float32)]
        for model in try models.map({ try Model(bytes: $0) }) {
            let (shape, session) = (model.inputShape, try Session(model))
            let values = (0..<shape.count).map { Float(($0 * 7919) % 512) / 128 - 2 }
            try values.withUnsafeBufferPointer { try session.setInput(values: $0) }
            session.run()
            let expected = Array(session.logits())
            let positions = shape.height * shape.width
            let planes = (0..<shape.count).map { values[$0 % positions * shape.channels + $0 / positions] }
            try planes.withUnsafeBufferPointer { try session.setInput(planes: $0) }
            session.run()
            XCTAssertEqual(Array(session.logits()), expected)
            XCTAssertThrowsError(try planes.dropLast().withContiguousStorageIfAvailable { try session.setInput(planes: $0) })
        }
    }

    func testBatchGivesWhatSinglePicturesGive() throws {
        let model = try Model(bytes: SmallModel.bytes())
        let single = try Self.logits(model)
        for index in 0..<3 { XCTAssertEqual(try Self.logits(model, threads: 2, batch: 3, at: index), single) }
    }

    /// Whatever runs picture by picture, however many pictures are left over, and wherever in memory a picture then begins.
    func testOperatorsPictureByPicture() throws {
        let model = try Model(bytes: SmallModel.bytes())
        let pictures = (0..<5).map { index in Self.picture.map { $0 &+ UInt8(index * 40) } }
        func logits(_ session: Session, _ pictures: [[UInt8]]) throws -> [[Float]] {
            for (index, picture) in pictures.enumerated() {
                try picture.withUnsafeBufferPointer { try session.setInput(pixels: $0, at: index) }
            }
            session.run()
            return pictures.indices.map { Array(session.logits(at: $0)) }
        }
        let single = try Session(model)
        let expected = try pictures.map { try logits(single, [$0])[0] }
        XCTAssertEqual(Set(expected).count, pictures.count)
        for pictureOperators in 0...model.operators.count {
            for (threads, parts) in [(1, 1), (2, 1), (3, 1), (2, 4), (3, 4)] {
                let session = try Session(
                    model, threads: threads, batch: 5, allowsOversubscription: true, pictureOperators: pictureOperators,
                    partsOfThread: parts)
                for _ in 0..<2 {
                    XCTAssertEqual(try logits(session, pictures), expected, "\(pictureOperators) operators, \(threads) x \(parts) parts")
                }
                var times = [UInt64](repeating: 0, count: model.operators.count)
                times.withUnsafeMutableBufferPointer { session.run(addingTimesTo: $0) }
                XCTAssertFalse(times.contains(0))
            }
        }
    }

    func testLargeMapsRunPictureByPicture() throws {
        let model = try Model(bytes: RandomModel.bytes(of: try XCTUnwrap(Architecture.named("MobileNetV3_small_x0_35")), precision: .int8))
        XCTAssertEqual(model.pictureOperators(batch: 1), 0)
        let count = model.pictureOperators(batch: 8)
        XCTAssertGreaterThan(count, 5)
        XCTAssertLessThan(count, model.operators.count - 5)
    }

    func testPixelsAndNormalizedValuesGiveTheSame() throws {
        let model = try Model(bytes: SmallModel.bytes())
        let session = try Session(model)
        let values = Self.picture.enumerated().map { model.preprocessing.normalized(pixel: $1, channel: $0 % 3) }
        try values.withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        XCTAssertEqual(Array(session.logits()), try Self.logits(model))
    }

    func testKeptTensorsAreTheSameRun() throws {
        let model = try Model(bytes: SmallModel.bytes())
        let session = try Session(model, keepsTensors: true)
        try Self.picture.withUnsafeBufferPointer { try session.setInput(pixels: $0) }
        session.run()
        XCTAssertEqual(Array(session.logits()), try Self.logits(model))
        XCTAssertEqual(try session.tensor(model.output), Array(session.logits()))
    }

    func testThousandRunsAllocateNothing() throws {
        try XCTSkipUnless(allocations_are_counted(), "allocations are not counted under ThreadSanitizer")
        let session = try Session(try Model(bytes: SmallModel.bytes()), threads: 2, allowsOversubscription: true)
        try Self.picture.withUnsafeBufferPointer { try session.setInput(pixels: $0) }
        session.run()
        XCTAssertEqual(
            fewestAllocations {
                for _ in 0..<1000 { session.run() }
            }, 0)
        XCTAssertGreaterThan(allocation_count(), 0, "the counter is not linked in")
    }

    func testSessionsOfOneModelAtOnce() throws {
        let model = try Model(bytes: SmallModel.bytes())
        let expected = try Self.logits(model)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<20 { XCTAssertEqual(try? Self.logits(model), expected) }
        }
    }
}
