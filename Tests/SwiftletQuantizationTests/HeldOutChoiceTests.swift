import SwiftletGraph
import SwiftletRuntime
import XCTest

@testable import SwiftletQuantization

/// What is kept where close fitting does not help.
final class HeldOutChoiceTests: XCTestCase {
    private func settings(_ positions: Int = 4000) -> QuantizationSettings {
        var settings = QuantizationSettings.balanced
        settings.positions = positions
        return settings
    }

    private func sqnr(_ found: [[Float]], against logits: [[Float]]) -> Double {
        var sums = SignalToNoise()
        for (right, found) in zip(logits, found) { sums.add(logits: right, found) }
        return sums.decibels
    }

    func testSQNROfLogits() {
        XCTAssertEqual(sqnr([[1, 3]], against: [[1, 3]]), .infinity)
        // A shift of all logits changes no answer.
        XCTAssertEqual(sqnr([[6, 8]], against: [[1, 3]]), .infinity)
        // Signal 2 · 1², noise 2 · 0.1².
        XCTAssertEqual(sqnr([[0.9, 3.1]], against: [[1, 3]]), 20, accuracy: 1e-4)
    }

    func testWhatIsKept() {
        XCTAssertFalse(HeldOutChoice.Comparison(pictures: 4, asked: 30, plain: 30.4).keepsPlain)
        XCTAssertTrue(HeldOutChoice.Comparison(pictures: 4, asked: 30, plain: 30.6).keepsPlain)
        XCTAssertFalse(HeldOutChoice.Comparison(pictures: 4, asked: .infinity, plain: .infinity).keepsPlain)
    }

    /// Settings that fit nothing closely, and few pictures, are taken as they are.
    func testNothingToCompare() throws {
        let network = NetworkBuilder.mobile()
        let fast = try HeldOutChoice(network, on: Pictures(count: 12).calibration, settings: .fast, threads: 2).run()
        XCTAssertNil(fast.comparison)
        let few = try HeldOutChoice(network, on: Pictures(count: 7).calibration, settings: settings(), threads: 2).run()
        XCTAssertNil(few.comparison)
        XCTAssertEqual(few.quantized.report.settings, settings())
    }

    /// Whatever is kept is one of the two on all pictures, and never much worse than `fast` on pictures that nobody has seen.
    func testNeverMuchWorseThanFast() throws {
        for (name, network) in [("mobile", NetworkBuilder.mobile()), ("outliers", outliers()), ("constant", nearlyConstant())] {
            let pictures = Pictures(count: 24)
            let result = try HeldOutChoice(network, on: pictures.calibration, settings: settings(), threads: 2).run()
            let comparison = try XCTUnwrap(result.comparison)
            XCTAssertEqual(comparison.pictures, 12)
            let fast = try quantize(network, on: pictures.calibration, settings: .fast, threads: 2)
            let asked = try quantize(network, on: pictures.calibration, settings: settings(), threads: 2)
            XCTAssertEqual(result.quantized.report.settings, comparison.keepsPlain ? fast.report.settings : asked.report.settings)
            XCTAssertEqual(
                try lowerInt8(network, result.quantized).finish(), try lowerInt8(network, comparison.keepsPlain ? fast : asked).finish())
            let (kept, plain) = (try fresh(network, result.quantized), try fresh(network, fast))
            print("\(name): held out \(comparison.asked) against \(comparison.plain); fresh \(try fresh(network, asked)) against \(plain)")
            XCTAssertGreaterThan(kept, plain - 1, name)
        }
    }

    /// On pictures that calibration has not seen.
    private func fresh(_ network: Network, _ quantized: QuantizedNetwork) throws -> Double {
        let pictures = Pictures(count: 200)
        let set = CalibrationSet(count: 48, inputRange: .measured) { pictures.picture(100 + $0) }
        let runner = NetworkRunner(set: set, threads: 2)
        let reference = try runner.logits(try lowerFloat(network), pictures: Array(0..<48))
        return sqnr(try runner.logits(try lowerInt8(network, quantized), pictures: Array(0..<48)), against: reference)
    }

    /// A few channels that are a hundred times the others.
    private func outliers() -> Network {
        var b = NetworkBuilder(seed: 5)
        let stem = b.convolution("stem", 0, outputs: 16, kernel: 3, stride: 2, .hardSwish) { convolution in
            for index in 0..<27 * 2 { convolution.weights[index] *= 100 }
        }
        let wide = b.convolution("wide", stem, outputs: 32, .relu) { convolution in
            for output in 0..<3 { for input in 0..<16 { convolution.weights[output * 16 + input] *= 50 } }
        }
        _ = b.depthwise("depthwise", wide, .hardSwish)
        return b.finished()
    }

    /// Logits that hardly depend on the picture.
    private func nearlyConstant() -> Network {
        var b = NetworkBuilder(seed: 9)
        let stem = b.convolution("stem", 0, outputs: 8, kernel: 3, stride: 2, .hardSwish)
        let wide = b.convolution("wide", stem, outputs: 24, .relu) { convolution in
            convolution.weights = convolution.weights.map { $0 * 0.01 }
            convolution.bias = convolution.bias.map { $0 + 2 }
        }
        _ = b.depthwise("depthwise", wide, kernel: 5, .hardSwish)
        return b.finished()
    }
}
