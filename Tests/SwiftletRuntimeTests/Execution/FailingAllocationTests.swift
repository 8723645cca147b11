import CAllocationCounter
import TestSupport
import XCTest

@testable import SwiftletRuntime

/// Memory that runs out at every place in turn: an error that says so, and nothing is lost.
final class FailingAllocationTests: XCTestCase {
    override func setUpWithError() throws {
        try XCTSkipUnless(allocations_are_counted(), "allocations cannot be made to fail under ThreadSanitizer")
    }

    /// Runs `body` with its first aligned allocation failing, then its second, until it needs no more of them.
    /// - Returns: how many failed.
    private func forEachFailure(_ body: () throws -> Void) throws -> Int {
        for number in 0..<10_000 {
            var works = false
            let isBalanced = try givesAllBack {
                allocation_fail_after(Int32(number))
                defer { allocation_fail_after(-1) }
                do {
                    try body()
                    works = true
                } catch let error as SwiftletError {
                    // A team of threads that is not to be had has no reason.
                    XCTAssertTrue(error.kind == .outOfMemory || error.kind == .system, "allocation \(number): \(error.kind), \(error)")
                    XCTAssertTrue(error.kind == .system || error.description.contains("no memory for"), error.description)
                }
            }
            XCTAssertTrue(isBalanced, "allocation \(number) fails, and something is not given back")
            if works { return number }
        }
        XCTFail("it never works")
        return 0
    }

    /// Twice: what Swift keeps for itself from the first time on is not counted.
    private func measure(atLeast least: Int, _ body: () throws -> Void) throws {
        try body()
        XCTAssertTrue(try givesAllBack(body), "it is not all given back where nothing fails")
        XCTAssertGreaterThanOrEqual(try forEachFailure(body), least)
    }

    func testModel() throws {
        let bytes = SmallModel.bytes()
        // One a kernel's packed parameters, two for the edges, one for the bytes themselves.
        try measure(atLeast: 16) { _ = try Model(bytes: bytes) }
    }

    func testSession() throws {
        let model = try Model(bytes: SmallModel.bytes())
        try measure(atLeast: 10) { _ = try Session(model) }
        try measure(atLeast: 10) {
            _ = try Session(model, threads: 2, batch: 3, allowsOversubscription: true, pictureOperators: 4, partsOfThread: 2)
        }
    }

    func testTensor() throws {
        let session = try Session(Model(bytes: SmallModel.bytes()), keepsTensors: true)
        session.run()
        try measure(atLeast: 1) { _ = try session.tensor(session.model.output) }
    }

    func testPicture() throws {
        let classifier = try Classifier(Model(bytes: SmallModel.bytes()))
        let jpeg = SmallJPEG.baseline.oriented(6, bigEndian: false)
        // Decoded, turned, resized.
        try measure(atLeast: 3) { _ = try classifier.classify(bytes: jpeg) }
    }

    func testThreeErrors() throws {
        var damaged = SmallModel.bytes()
        damaged[damaged.count - 100] ^= 1
        XCTAssertEqual(kind { _ = try Model(bytes: damaged) }, .badFile)
        XCTAssertEqual(kind { _ = try Model(path: "/none") }, .badFile)
        for set in InstructionSet.allCases where !set.isAvailable {
            XCTAssertEqual(kind { _ = try Model(bytes: SmallModel.bytes(), instructionSet: set) }, .unsupported)
        }
        let model = try Model(bytes: SmallModel.bytes())
        XCTAssertEqual(kind { _ = try Session(model, threads: 0) }, .badInput)
        allocation_fail_after(0)
        XCTAssertEqual(kind { _ = try Session(model) }, .outOfMemory)
        allocation_fail_after(-1)
    }

    private func kind(_ body: () throws -> Void) -> SwiftletError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? SwiftletError)?.kind
        }
    }
}
