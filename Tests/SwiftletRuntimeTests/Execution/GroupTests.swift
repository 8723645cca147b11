import CAllocationCounter
import SwiftletArchitectures
import TestSupport
import XCTest

@testable import SwiftletRuntime

/// Groups of operators by bands of rows: the same bytes as operator by operator, whatever the plan.
final class GroupTests: XCTestCase {
    /// PaddleClas' ten, and a network without squeeze-and-excite.
    private static let architectures = (Architecture.names.prefix(10) + ["efficientnet_lite0"]).compactMap(Architecture.named)

    /// Noise, the same for a model whatever the session.
    private static func outputs(_ session: Session) throws -> [[Float]] {
        var random = SplitMix64(seed: 11)
        let values = (0..<session.model.inputShape.count).map { _ in random.nextNormal() }
        try values.withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        return session.model.outputs.indices.map { Array(session.values(of: $0)) }
    }

    private static func outputs(
        _ model: Model, threads: Int, partsOfThread: Int = 1, _ rule: GroupRule
    ) throws -> [[Float]] {
        try outputs(
            Session(model, threads: threads, allowsOversubscription: true, partsOfThread: partsOfThread, rule: rule))
    }

    private func compare(_ bytes: [UInt8], _ name: String, _ plans: [(rule: GroupRule, threads: Int, parts: Int)]) throws {
        let scalar = try Model(bytes: bytes, instructionSet: .scalar)
        let expected = try Self.outputs(scalar, threads: 1, .none)
        XCTAssertGreaterThan(Set(expected[0]).count, 3, name)
        let model = try Model(bytes: bytes)
        for plan in plans {
            let found = try Self.outputs(model, threads: plan.threads, partsOfThread: plan.parts, plan.rule)
            XCTAssertEqual(found, expected, "\(name), \(plan.rule), \(plan.threads) x \(plan.parts) parts")
        }
    }

    func testSmallModels() throws {
        for (name, bytes) in [("small", SmallModel.bytes()), ("outputs", SmallModel.withSeveralOutputs().finish())] {
            let scalar = try Self.outputs(Model(bytes: bytes, instructionSet: .scalar), threads: 1, .none)
            for set in InstructionSet.available {
                let model = try Model(bytes: bytes, instructionSet: set)
                for rule in [.cheapest, .none, .channels, .rows(1), .rows(2), .rows(3), .rows(7)] as [GroupRule] {
                    for threads in 1...5 {
                        let found = try Self.outputs(model, threads: threads, rule)
                        XCTAssertEqual(found, scalar, "\(name), \(set), \(rule), \(threads) threads")
                    }
                }
                XCTAssertEqual(try Self.outputs(model, threads: 2, partsOfThread: 4, .rows(2)), scalar, "\(name), \(set)")
            }
        }
    }

    func testArchitecturesInt8() throws {
        for architecture in Self.architectures {
            try compare(
                RandomModel.bytes(of: architecture, precision: .int8), architecture.name,
                [
                    (.rows(1), 2, 1), (.rows(2), 5, 1), (.rows(3), 1, 1), (.rows(7), 3, 1), (.rows(2), 2, 4), (.channels, 2, 1),
                    (.channels, 5, 1), (.cheapest, 1, 1), (.cheapest, 2, 1), (.cheapest, 4, 1),
                ])
        }
    }

    func testArchitecturesFloat() throws {
        for architecture in Self.architectures {
            try compare(
                RandomModel.bytes(of: architecture, precision: .float32), architecture.name,
                [(.rows(1), 2, 1), (.rows(3), 5, 1), (.rows(7), 1, 1), (.channels, 3, 1), (.cheapest, 1, 1), (.cheapest, 2, 1)])
        }
    }

    private func large() throws -> Model {
        try Model(bytes: RandomModel.bytes(of: try XCTUnwrap(Architecture.named("MobileNetV3_large_x1_0")), precision: .int8))
    }

    private func plan(_ model: Model, threads: Int, _ rule: GroupRule) throws -> SessionPlan {
        try SessionPlan(
            model, threads: threads, batch: 1, keepsTensors: false, allowsOversubscription: true, pictureOperators: nil, partsOfThread: 1,
            rule: rule)
    }

    /// Every operator is in one group, and in its turn.
    func testGroupsAreAllOperators() throws {
        let model = try large()
        for rule in [.cheapest, .none, .channels, .rows(2)] as [GroupRule] {
            for threads in [1, 2, 4] {
                let groups = try plan(model, threads: threads, rule).groups
                XCTAssertEqual(groups.flatMap { Array($0.operators) }, Array(model.operators.indices), "\(rule), \(threads) threads")
            }
        }
    }

    /// Parts have all channels, cut where kernels can, and none is narrower than they need.
    func testChannelsAreCutAtGranules() throws {
        let model = try large()
        var found = 0
        for plan in try plan(model, threads: 2, .channels).groups {
            guard case .channels(let group) = plan else { continue }
            found += 1
            for parts in 1...5 {
                let shares = (0..<parts).map { group.share($0, of: parts) }
                XCTAssertEqual(shares.flatMap { Array($0) }, Array(0..<group.channels))
                for share in shares where !share.isEmpty {
                    XCTAssertGreaterThanOrEqual(share.count, group.granule)
                    XCTAssertEqual(share.lowerBound % group.granule, 0)
                }
            }
        }
        XCTAssertGreaterThan(found, 5)
    }

    func testThreadsWaitSeldom() throws {
        let model = try large()
        let sessions = try [1, 2].map { try Session(model, threads: $0, allowsOversubscription: true) }
        XCTAssertEqual(sessions[0].handOvers, 0)
        XCTAssertGreaterThan(sessions[1].handOvers, 0)
        XCTAssertLessThan(sessions[1].handOvers * 2, model.operators.count)
        var times = [UInt64](repeating: 0, count: model.operators.count)
        XCTAssertEqual(sessions[1].waited, [0, 0])
        times.withUnsafeMutableBufferPointer { sessions[1].run(addingTimesTo: $0) }
        XCTAssertGreaterThan(sessions[1].waited.reduce(0, +), 0)
    }

    /// What bands take is less than the maps that they stand for.
    func testLargeMapsAreNowhereAsAWhole() throws {
        let model = try large()
        let (banded, whole) = (try plan(model, threads: 1, .cheapest).sizes, try plan(model, threads: 1, .none).sizes)
        XCTAssertLessThan(banded.arena + banded.bands, whole.arena * 3 / 4)
        XCTAssertEqual(whole.bands, 0)
    }

    func testRunsAllocateNothing() throws {
        try XCTSkipUnless(allocations_are_counted(), "allocations are not counted under ThreadSanitizer")
        let session = try Session(Model(bytes: SmallModel.bytes()), threads: 2, allowsOversubscription: true, rule: .rows(2))
        _ = try Self.outputs(session)
        XCTAssertEqual(
            fewestAllocations {
                for _ in 0..<100 { session.run() }
            }, 0)
    }
}
