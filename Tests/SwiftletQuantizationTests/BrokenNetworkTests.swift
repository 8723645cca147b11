import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Networks with dead parts or values out of float's range: an error that names the layer, or a file that answers as the FP32 network does.
final class BrokenNetworkTests: XCTestCase {
    private let pictures = Pictures(count: 6)

    /// A stem, an edited layer, a residual and a squeeze-and-excite on top of it, a classifier.
    private func network(_ activation: Activation, depthwise: Bool = false, _ edit: (inout Convolution) -> Void) -> Network {
        var b = NetworkBuilder()
        let stem = b.convolution("stem", 0, outputs: 8, kernel: 3, .hardSwish)
        let edited =
            depthwise
            ? b.depthwise("edited", stem, activation, edit: edit)
            : b.convolution("edited", stem, outputs: 8, kernel: 3, activation, edit: edit)
        let squeeze = b.globalPool("squeeze", edited)
        let gate = b.convolution("gate", squeeze, outputs: 8, .hardSigmoid(slope: 0.2, offset: 0.5))
        let excite = b.elementwise("excite", .multiply, [edited, gate])
        _ = b.convolution("project", excite, outputs: 8, residual: stem)
        return b.finished()
    }

    /// Every output 0: dead ReLU, zero weights.
    func testLayerThatIsAlwaysZero() throws {
        for depthwise in [false, true] {
            for activation: Activation in [.none, .relu, .clip(low: 0, high: 6), .hardSwish, .swish] {
                let zero = network(activation, depthwise: depthwise) { c in
                    c.weights = c.weights.map { _ in 0 }
                    c.bias = c.bias.map { _ in 0 }
                }
                let dead = network(activation, depthwise: depthwise) { c in c.bias = c.bias.map { _ in -200 } }
                for (name, network) in [("zero", zero), ("dead", dead)] where name == "zero" || activation != .none {
                    for settings in [QuantizationSettings.fast, .best] {
                        let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
                        XCTAssertGreaterThan(try compareLogits(network, quantized, pictures, count: 6), 25, "\(name) \(activation)")
                    }
                }
            }
        }
    }

    /// A classifier that gives every picture the same answer.
    func testConstantLogits() throws {
        for bias: Float in [0, 3] {
            var network = NetworkBuilder.mobile()
            guard case .convolution(var classifier) = network.layers[11].operation else { return XCTFail("layer 11 is the classifier") }
            classifier.weights = classifier.weights.map { _ in 0 }
            classifier.bias = classifier.bias.indices.map { $0 == 4 ? bias : 0 }
            network.layers[11].operation = .convolution(classifier)
            let model = try load(try lowerInt8(network, try quantize(network, on: pictures.calibration, settings: .balanced)))
            let answer = try logits(model, pictures.picture(50))
            for (i, value) in answer.enumerated() { XCTAssertEqual(value, i == 4 ? bias : 0, accuracy: 0.02) }
        }
    }

    /// Constant channels count for the tensor's range as little as channels that are 0.
    func testConstantChannelsDoNotDecideTheRange() throws {
        let factors = try [Float(0), 1].map { size in
            let network = network(.relu) { c in
                for o in 0..<3 {
                    for k in 0..<72 { c.weights[o * 72 + k] = 0 }
                    c.bias[o] = size * (1.7 + 0.37 * Float(o))
                }
            }
            let report = try quantize(network, on: Pictures(count: 24).calibration, settings: .fast, threads: 2).report
            return report.layers.first { $0.name == "edited" }?.rangeFactor
        }
        XCTAssertEqual(factors[0], factors[1])
        XCTAssertNotNil(factors[0])
    }

    /// Weights far above what int8 can clamp: the layer stays in float, and its readers get a grid of its clamped values.
    func testHugeWeightsBeforeAClamp() throws {
        for activation: Activation in [.clip(low: 0, high: 6), .hardSigmoid(slope: 0.2, offset: 0.5)] {
            for scale: Float in [1e4, 1e10, 1e30] {
                let network = network(activation) { c in c.weights = c.weights.map { $0 * scale } }
                let quantized = try quantize(network, on: pictures.calibration, settings: .balanced, threads: 2)
                XCTAssertTrue(quantized.report.layers[1].isFloat)
                XCTAssertGreaterThan(try compareLogits(network, quantized, pictures, count: 6), 20, "\(activation) \(scale)")
            }
        }
    }

    /// Sums that leave float's range, before a clamp brings them back or for good: an error, never a file that answers NaN and never an
    /// endless search for a bias that fits.
    func testSumsOutOfRangeAreAnErrorThatNamesTheLayer() throws {
        let settings = [QuantizationSettings.fast, .balanced, QuantizationSettings(bias: .none), QuantizationSettings(bias: .mean)]
        let gate = Activation.hardSigmoid(slope: 0.2, offset: 0.5)
        for activation: Activation in [.none, .relu, .clip(low: 0, high: 6), .hardSwish, gate, .sigmoid, .swish] {
            for scale: Float in [1e30, 1e37, 1e38, 3e38] {
                let network = network(activation) { c in c.weights = c.weights.map { max(-3e38, min(3e38, $0 * scale)) } }
                for settings in settings {
                    do {
                        let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
                        let model = try load(try lowerInt8(network, quantized))
                        XCTAssertTrue(try logits(model, pictures.picture(0)).allSatisfy(\.isFinite), "\(activation) \(scale)")
                    } catch let error as QuantizationError {
                        XCTAssertTrue(error.message.hasPrefix("layer "), error.message)
                    }
                }
            }
        }
    }

    /// Infinities and NaN among the weights or biases, in a layer that would be int8 and in one kept in float; in FP32 lowering too.
    func testParametersThatAreNotFinite() throws {
        for value: Float in [.nan, .infinity, -.infinity] {
            for isBias in [false, true] {
                let network = network(.relu) { c in if isBias { c.bias[2] = value } else { c.weights[7] = value } }
                let expected = "layer edited: weights or bias are not finite"
                for settings in [QuantizationSettings.fast, QuantizationSettings(floatLayers: ["edited"])] {
                    XCTAssertThrowsError(try quantize(network, on: pictures.calibration, settings: settings)) {
                        XCTAssertEqual("\($0)", expected)
                    }
                }
                XCTAssertThrowsError(try lowerFloat(network)) { XCTAssertEqual("\($0)", expected) }
            }
        }
    }

    func testActivationsWithoutMeaning() throws {
        let activations: [Activation] = [
            .clip(low: 2, high: 1), .clip(low: .nan, high: 6), .hardSigmoid(slope: 0, offset: 0.5), .hardSigmoid(slope: 0.2, offset: .nan),
        ]
        for activation in activations {
            XCTAssertThrowsError(try quantize(network(activation) { _ in }, on: pictures.calibration, settings: .fast)) {
                XCTAssertTrue("\($0)".hasPrefix("layer edited: "), "\($0)")
            }
        }
    }

    func testPictureThatIsNotFiniteIsNamed() throws {
        let set = CalibrationSet(count: 4, inputRange: .measured) { index in
            var picture = Pictures().picture(index)
            if index == 2 { picture[17] = .nan }
            return picture
        }
        XCTAssertThrowsError(try quantize(NetworkBuilder.mobile(), on: set, settings: .fast)) {
            XCTAssertTrue("\($0)".contains("picture 2"), "\($0)")
        }
    }
}
