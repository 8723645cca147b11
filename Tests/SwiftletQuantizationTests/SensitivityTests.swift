import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

final class SensitivityTests: XCTestCase {
    func testDistanceOfLogits() {
        let a: [[Float]] = [[0, 1, 2], [3, 0, 0]]
        let same = LogitsDistance(reference: a, other: a)
        XCTAssertEqual(same, LogitsDistance(reference: a, other: a.map { $0.map { $0 + 5 } }))  // softmax ignores a common shift
        XCTAssertEqual([same.divergence, same.agreement, same.estimatedLoss], [0, 100, 0])

        // Probabilities 3/4 and 1/4, the other's 1/4 and 3/4: KL = 3/4 log 3 - 1/4 log 3, and the lost points are 75 - 25.
        let (p, q) = ([Float(log(3.0)), 0], [Float(0), Float(log(3.0))])
        let swapped = LogitsDistance(reference: [p], other: [q])
        XCTAssertEqual(swapped.divergence, 0.5 * log(3), accuracy: 1e-6)
        XCTAssertEqual(swapped.estimatedLoss, 50, accuracy: 1e-4)
        XCTAssertEqual(swapped.agreement, 0)
    }

    /// A layer that is made worse on purpose is found, and kept in FP32.
    func testTheWorstLayerIsFoundAndKept() throws {
        let (network, set, quantized) = try damaged()
        let layers = try Sensitivity(network, on: set, threads: 2).run(quantized)
        XCTAssertEqual(layers.first?.name, "head")
        XCTAssertEqual(Set(layers.map(\.name)), Set(network.layers.map(\.name)))
        XCTAssertEqual(layers.map(\.divergence), layers.map(\.divergence).sorted(by: >))
        XCTAssertGreaterThan(try XCTUnwrap(layers.first).divergence, 3 * layers[1].divergence)
    }

    func testAimThatHoldsKeepsNothing() throws {
        let (network, set, _) = try damaged()
        let good = try quantize(network, on: set, settings: .fast)
        let result = try MixedPrecision(network, on: set, settings: .fast, threads: 2).run(good, maxLoss: 100)
        XCTAssertTrue(result.isReached)
        XCTAssertEqual(result.kept, [])
        XCTAssertEqual(result.before, result.after)
    }

    /// No loss at all: either it is reached by layers that the network then has in float, or the result says that it is not.
    func testStrictAimKeepsLayersOrSaysNo() throws {
        let network = NetworkBuilder.mobile()
        let set = Pictures(count: 24).calibration
        let settings = QuantizationSettings(bias: .none, perChannel: false)
        let quantized = try quantize(network, on: set, settings: settings, threads: 2)
        let result = try MixedPrecision(network, on: set, settings: settings, threads: 2).run(quantized, maxLoss: -1)
        XCTAssertFalse(result.isReached)
        XCTAssertTrue(result.lines[0].contains("-1.000 points cannot be reached: with 6 layers in FP32"), result.lines[0])
        XCTAssertEqual(result.kept.count, network.layers.count / 2)
        XCTAssertEqual(result.lines.count, 1 + result.kept.count)
        XCTAssertEqual(Set(result.quantized.report.settings.floatLayers), Set(result.kept.map(\.name)))
        XCTAssertEqual(Set(result.quantized.report.layers.filter(\.isFloat).map(\.name)), Set(result.kept.map(\.name)))
        XCTAssertLessThan(result.after.divergence, result.before.divergence)
        XCTAssertNoThrow(try load(try lowerInt8(network, result.quantized)))
    }

    /// Every head weight rounded towards 0 to a multiple of 64.
    private func damaged() throws -> (Network, CalibrationSet, QuantizedNetwork) {
        let network = NetworkBuilder.mobile()
        let set = Pictures(count: 16).calibration
        var quantized = try quantize(network, on: set, settings: .fast, threads: 2)
        let head = try XCTUnwrap(network.layers.firstIndex { $0.name == "head" })
        quantized.layers[head].operation.weights = quantized.layers[head].operation.weights.map { $0 / 64 * 64 }
        return (network, set, quantized)
    }
}
