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
}
