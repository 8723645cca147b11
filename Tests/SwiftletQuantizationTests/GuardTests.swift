import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Channels that ruin other quantizers. Each network is loaded by the reader, which insists on the file's bounds.
final class GuardTests: XCTestCase {
    private func sqnr(_ network: Network, _ settings: QuantizationSettings = .fast) throws -> (Double, QuantizedNetwork) {
        let pictures = Pictures(count: 8)
        let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
        return (try compareLogits(network, quantized, pictures, count: 8), quantized)
    }

    /// Two layers, the first one edited; the edit reaches the logits through 16 sane channels more.
    private func edited(_ activation: Activation = .hardSwish, _ edit: @escaping (inout Convolution) -> Void) -> Network {
        var b = NetworkBuilder()
        let a = b.convolution("edited", 0, outputs: 16, kernel: 3, activation, edit: edit)
        let d = b.depthwise("depthwise", a, activation)
        _ = b.convolution("b", d, outputs: 16, kernel: 3, .hardSwish)
        return b.finished()
    }

    func testAllZeroChannel() throws {
        for activation: Activation in [.none, .relu, .clip(low: 0, high: 6), .hardSwish] {
            let network = edited(activation) { c in
                for k in 0..<27 { c.weights[3 * 27 + k] = 0 }
                c.bias[3] = 0
            }
            for settings in [QuantizationSettings.fast, .best] { XCTAssertGreaterThan(try sqnr(network, settings).0, 28) }
        }
    }

    func testConstantChannels() throws {
        let network = edited { c in
            for k in 0..<2 * 27 { c.weights[k] = 0 }
            (c.bias[0], c.bias[1]) = (2.5, -5)  // hard-swish makes the second one 0
        }
        XCTAssertGreaterThan(try sqnr(network).0, 28)
    }

    /// ONNX Runtime #22020: weights of 1e-13 with a normal bias.
    func testNearZeroWeightsWithNormalBias() throws {
        let network = edited { c in
            for k in 0..<27 { c.weights[k] *= 1e-13 }
            c.bias[0] = 1.25
        }
        let (noise, quantized) = try sqnr(network)
        XCTAssertGreaterThan(noise, 28)
        XCTAssert(quantized.report.layers[0].notes.contains { $0.contains("step raised") })
    }

    func testHugeBias() throws {
        // ReLU flattens the second channel; the first one dominates its own grid only, as grids are per channel.
        let network = edited(.relu) { c in (c.bias[0], c.bias[1]) = (300, -1e9) }
        XCTAssertGreaterThan(try sqnr(network).0, 25)
    }

    func testTinyAndHugeWeights() throws {
        for factor: Float in [1e-15, 1e-6, 1e6] {
            let network = edited(.none) { c in
                c.weights = c.weights.map { $0 * factor }
                c.bias = c.bias.map { $0 * factor }
            }
            let (noise, quantized) = try sqnr(network)
            XCTAssertGreaterThan(noise, 28, "\(factor)")
            // Beyond what int8 hard-swish can sum, the layer that reads the large values stays in float; none else does.
            XCTAssertEqual(quantized.report.layers.filter(\.isFloat).map(\.name), factor > 1 ? ["b"] : [], "\(factor)")
        }
    }

    /// Values that are always cut off: the output's range is far below one step of the weights.
    func testChannelThatAlmostNeverFires() throws {
        let network = edited(.relu) { c in
            for k in 0..<27 { c.weights[k] *= 40 }
            c.bias[0] = -1000
        }
        XCTAssertGreaterThan(try sqnr(network).0, 28)
    }

    /// ReLU6 after weights so large that one step of a weight is more than half a step of [0, 6]: no int8 form can clamp there.
    func testClampThatCoarseWeightsWouldLoseStaysInFloat() throws {
        let network = edited(.clip(low: 0, high: 6)) { c in for k in 0..<27 { c.weights[k] *= 2000 } }
        let (noise, quantized) = try sqnr(network)
        XCTAssertGreaterThan(noise, 25)
        XCTAssertEqual(quantized.report.layers.filter(\.isFloat).map(\.name), ["edited"])
        XCTAssert(quantized.report.layers[0].notes.contains { $0.contains("kept in float") })
    }

    func testHardSwishOfCoarseWeightsStaysInFloat() throws {
        let network = edited { c in for k in 0..<27 { c.weights[k] *= 1e5 } }
        let (_, quantized) = try sqnr(network)
        XCTAssert(quantized.report.layers[0].isFloat)
        XCTAssert(quantized.report.layers[0].notes.contains { $0.contains("kept in float") })
    }

    func testTooManyInputsAnOutputStayInFloat() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 120, .relu)
        _ = b.convolution("wide", a, outputs: 2, kernel: 12)  // 17,280 products
        let (_, quantized) = try sqnr(b.finished())
        XCTAssertEqual(quantized.report.layers.filter(\.isFloat).map(\.name), ["wide"])
        XCTAssert(quantized.report.layers[1].notes.contains { $0.contains("17280") })
    }

    func testGlobalPoolOfOnePosition() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 8, kernel: 3, .hardSwish)
        let pooled = b.globalPool("first", a)
        _ = b.globalPool("second", pooled)
        XCTAssertGreaterThan(try sqnr(b.finished()).0, 28)
    }

    func testSmallCalibrationSets() throws {
        let network = NetworkBuilder.mobile()
        for settings in [QuantizationSettings.fast, .best] {
            let quantized = try quantize(network, on: Pictures(count: 1).calibration, settings: settings)
            XCTAssertGreaterThan(try compareLogits(network, quantized, Pictures(count: 1), count: 1), 28)
        }
    }

    func testBlackPictures() throws {
        let network = NetworkBuilder.mobile()
        for range: CalibrationSet.InputRange in [.measured, .pixels(mean: [0, 0, 0], std: [255, 255, 255])] {
            let set = CalibrationSet(count: 3, inputRange: range) { _ in [Float](repeating: 0, count: 12 * 12 * 3) }
            let quantized = try quantize(network, on: set, settings: .best)
            let black = try set.picture(0)
            let wanted = try logits(try load(try lowerFloat(network)), black)
            let got = try logits(try load(try lowerInt8(network, quantized)), black)
            for (a, b) in zip(wanted, got) { XCTAssertEqual(a, b, accuracy: 0.01) }
        }
    }

    func testValuesThatAreNotFiniteAreAnErrorNamingTheLayer() throws {
        let network = edited(.none) { c in c.weights = c.weights.map { $0 * 1e38 } }
        XCTAssertThrowsError(try sqnr(network)) { XCTAssert("\($0)".contains("layer "), "\($0)") }
    }
}
