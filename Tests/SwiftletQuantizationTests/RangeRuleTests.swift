import SwiftletGraph
import XCTest

@testable import SwiftletQuantization

/// The rules of a grid's ends, worked by hand.
final class RangeRuleTests: XCTestCase {
    func testMeasuredEndsAreScaledAsFarAsTheyAreUseful() {
        let measured = Interval(low: -4, high: 8)
        XCTAssertEqual(measured.scaled(by: 1.5, within: .everything), Interval(low: -6, high: 12))
        XCTAssertEqual(measured.scaled(by: 1.5, within: Interval(low: -3, high: 10)), Interval(low: -3, high: 10))
        XCTAssertEqual(measured.scaled(by: 0.5, within: Interval(low: -3, high: 10)), Interval(low: -2, high: 4))
        // 0 stays inside, though nothing useful lies there: padding needs it.
        XCTAssertEqual(measured.scaled(by: 1, within: Interval(low: 1, high: 6)), Interval(low: 0, high: 6))
        XCTAssertEqual(measured.scaled(by: 1, within: Interval(low: -6, high: -1)), Interval(low: -4, high: 0))
    }

    /// Scale 0.5, zero point 100: the grid is -114 ... 13.5.
    func testErrorsOfQuantizing() {
        let steps = GridSteps(scales: [1, 0.5], zeros: [0, 100])
        var errors: [Float] = []
        steps.withPointers { steps in
            errors = [0.25, 0.2, 0.375, 20, -120].map { steps.error($0, 1) }
        }
        // 0.5 steps round to 0, 0.4 to 0, 0.75 to 1; the last two are cut off.
        XCTAssertEqual(errors, [-0.25, -0.2, 0.125, -6.5, 6])
    }

    /// Gates have [0, 1] whatever was measured, logits a pair of their own; vectors have one pair, maps one a channel.
    func testWhatDecidesAnOutputsGrid() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 8, kernel: 3, .hardSwish)
        let pooled = b.globalPool("squeeze", a)
        let gate = b.convolution("gate", pooled, outputs: 8, .hardSigmoid(slope: 0.2, offset: 0.5))
        let gated = b.elementwise("gated", .multiply, [a, gate])
        _ = b.convolution("b", gated, outputs: 8, kernel: 3, .relu)
        let network = b.finished()
        let prepared = try Preparation(settings: .fast).run(network)
        func output(_ name: String) throws -> LayerOutput {
            prepared.output(of: try XCTUnwrap(prepared.network.layers.firstIndex { $0.name == name }), settings: .fast)
        }
        XCTAssertEqual(try ["a", "squeeze", "gate", "gated", "b"].map { try output($0).isPerChannel }, [true, false, false, true, true])
        XCTAssertEqual(try ["a", "squeeze", "gate", "gated", "b"].map { try output($0).isGate }, [false, false, true, false, false])
        XCTAssertEqual(prepared.network.layers.indices.filter { prepared.output(of: $0, settings: .fast).isLogits }.count, 1)
        XCTAssertEqual(try output("gate").useful, .unit)
        XCTAssertEqual(try output("b").useful, Interval(low: 0, high: .infinity))
    }
}
