import TestSupport
import XCTest

@testable import SwiftletRuntime

final class MemoryPlanTests: XCTestCase {
    func testLiveTensorsDoNotOverlap() throws {
        let model = try Model(bytes: SmallModel.bytes())
        for (batch, pictureOperators) in [(1, 0), (3, 0), (3, 4), (3, 9), (3, model.operators.count)] {
            let plan = MemoryPlan(model, batch: batch, pictureOperators: pictureOperators, parts: 2, keepsTensors: false)
            for (index, operation) in model.operators.enumerated() {
                // Picture by picture: what an operator of picture 1 in part 0 writes, while part 1 may be anywhere in picture 2.
                let byPicture = index < pictureOperators
                let output = byPicture ? range(operation.output, plan, model, 1, picture: 1) : range(operation.output, plan, model, batch)
                for input in operation.inputs {
                    let read = byPicture ? range(input, plan, model, 1, picture: 1) : range(input, plan, model, batch)
                    XCTAssertTrue(!read.overlaps(output) || read == output && mayOverwrite(operation.kind), operation.name)
                }
                // What later operators read must survive this one.
                for later in model.operators[(index + 1)...] {
                    for input in later.inputs where written(input, before: index, model) {
                        let read = byPicture ? range(input, plan, model, 1, picture: 1) : range(input, plan, model, batch)
                        XCTAssertFalse(read.overlaps(output), "\(operation.name) overwrites what \(later.name) reads")
                    }
                }
                for other in model.operators[..<pictureOperators] where byPicture {
                    for tensor in other.inputs + [other.output] {
                        XCTAssertFalse(
                            range(tensor, plan, model, 1, picture: 2, part: 1).overlaps(output), "\(operation.name) disturbs \(other.name)")
                    }
                }
                XCTAssertLessThanOrEqual(WideCount(output.upperBound), plan.arenaSize)
            }
        }
    }

    /// Whatever is computed after an output, it is there at the end.
    func testOutputsLiveToTheEnd() throws {
        let model = try Model(bytes: SmallModel.withSeveralOutputs().finish())
        for (batch, pictureOperators) in [(1, 0), (3, 0), (3, 4), (3, model.operators.count)] {
            let plan = MemoryPlan(model, batch: batch, pictureOperators: pictureOperators, parts: 2, keepsTensors: false)
            for output in model.outputs {
                let kept = range(output.tensor, plan, model, batch)
                let writer = model.operators.firstIndex { $0.output == output.tensor }!
                for operation in model.operators[(writer + 1)...] {
                    XCTAssertFalse(range(operation.output, plan, model, 1).overlaps(kept), "\(operation.name) overwrites \(output.name)")
                }
                for other in model.outputs where other.tensor != output.tensor {
                    XCTAssertFalse(range(other.tensor, plan, model, batch).overlaps(kept), "\(output.name) and \(other.name)")
                }
            }
        }
    }

    func testMemoryIsReused() throws {
        let model = try Model(bytes: SmallModel.bytes())
        XCTAssertLessThan(
            MemoryPlan(model, batch: 1, keepsTensors: false).arenaSize, MemoryPlan(model, batch: 1, keepsTensors: true).arenaSize)
    }

    private func range(_ tensor: Int, _ plan: MemoryPlan, _ model: Model, _ pictures: Int, picture: Int = 0, part: Int = 0) -> Range<Int> {
        let t = model.tensors[tensor]
        let offset = plan.offset(of: tensor, picture: picture, part: part)!
        return offset..<(offset + t.height * t.width * t.channels * t.type.size * pictures)
    }

    private func written(_ tensor: Int, before index: Int, _ model: Model) -> Bool {
        tensor == model.input || model.operators[..<index].contains { $0.output == tensor }
    }

    private func mayOverwrite(_ kind: OperatorKind) -> Bool {
        [.multiplyInt8, .addInt8, .tableInt8, .multiplyFloat, .addFloat, .activationFloat].contains(kind)
    }
}
