import TestSupport
import XCTest

@testable import SwiftletRuntime

final class MemoryPlanTests: XCTestCase {
    func testLiveTensorsDoNotOverlap() throws {
        let model = try Model(bytes: SmallModel.bytes())
        for batch in [1, 3] {
            let plan = MemoryPlan(model, batch: batch, keepsTensors: false)
            for (index, operation) in model.operators.enumerated() {
                let output = range(operation.output, plan, model, batch)
                for input in operation.inputs {
                    let read = range(input, plan, model, batch)
                    XCTAssertTrue(!read.overlaps(output) || read == output && mayOverwrite(operation.kind), operation.name)
                }
                // What later operators read must survive this one.
                for later in model.operators[(index + 1)...] {
                    for input in later.inputs where written(input, before: index, model) {
                        XCTAssertFalse(range(input, plan, model, batch).overlaps(output), "\(operation.name) overwrites what \(later.name) reads")
                    }
                }
                XCTAssertLessThanOrEqual(output.upperBound, plan.arenaSize)
            }
        }
    }

    func testMemoryIsReused() throws {
        let model = try Model(bytes: SmallModel.bytes())
        XCTAssertLessThan(
            MemoryPlan(model, batch: 1, keepsTensors: false).arenaSize, MemoryPlan(model, batch: 1, keepsTensors: true).arenaSize)
    }

    private func range(_ tensor: Int, _ plan: MemoryPlan, _ model: Model, _ batch: Int) -> Range<Int> {
        let t = model.tensors[tensor]
        return plan.offsets[tensor]..<(plan.offsets[tensor] + t.height * t.width * t.channels * t.type.size * batch)
    }

    private func written(_ tensor: Int, before index: Int, _ model: Model) -> Bool {
        tensor == model.input || model.operators[..<index].contains { $0.output == tensor }
    }

    private func mayOverwrite(_ kind: OperatorKind) -> Bool {
        [.multiplyInt8, .addInt8, .tableInt8, .multiplyFloat, .addFloat, .activationFloat].contains(kind)
    }
}
