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
        _ model: Model, threads: Int, partsOfThread: Int = 1, bandRows: Int?
    ) throws -> [[Float]] {
        try outputs(
            Session(model, threads: threads, allowsOversubscription: true, partsOfThread: partsOfThread, bandRows: bandRows))
    }

    private func compare(_ bytes: [UInt8], _ name: String, _ plans: [(rows: Int?, threads: Int, parts: Int)]) throws {
        let scalar = try Model(bytes: bytes, instructionSet: .scalar)
        let expected = try Self.outputs(scalar, threads: 1, bandRows: 0)
        XCTAssertGreaterThan(Set(expected[0]).count, 3, name)
        let model = try Model(bytes: bytes)
        for plan in plans {
            let found = try Self.outputs(model, threads: plan.threads, partsOfThread: plan.parts, bandRows: plan.rows)
            XCTAssertEqual(found, expected, "\(name), bands of \(plan.rows ?? -1) rows, \(plan.threads) x \(plan.parts) parts")
        }
    }

    func testSmallModels() throws {
        for (name, bytes) in [("small", SmallModel.bytes()), ("outputs", SmallModel.withSeveralOutputs().finish())] {
            let scalar = try Self.outputs(Model(bytes: bytes, instructionSet: .scalar), threads: 1, bandRows: 0)
            for set in InstructionSet.available {
                let model = try Model(bytes: bytes, instructionSet: set)
                for rows in [nil, 1, 2, 3, 7] {
                    for threads in 1...5 {
                        let found = try Self.outputs(model, threads: threads, bandRows: rows)
                        XCTAssertEqual(found, scalar, "\(name), \(set), bands of \(rows ?? -1) rows, \(threads) threads")
                    }
                }
                XCTAssertEqual(try Self.outputs(model, threads: 2, partsOfThread: 4, bandRows: 2), scalar, "\(name), \(set)")
            }
        }
    }

    func testArchitecturesInt8() throws {
        for architecture in Self.architectures {
            try compare(
                RandomModel.bytes(of: architecture, precision: .int8), architecture.name,
                [(1, 2, 1), (2, 5, 1), (3, 1, 1), (7, 3, 1), (2, 2, 4), (nil, 1, 1), (nil, 2, 1), (nil, 4, 1)])
        }
    }

    func testArchitecturesFloat() throws {
        for architecture in Self.architectures {
            try compare(
                RandomModel.bytes(of: architecture, precision: .float32), architecture.name,
                [(1, 2, 1), (3, 5, 1), (7, 1, 1), (nil, 1, 1), (nil, 2, 1), (nil, 4, 1)])
        }
    }
}
