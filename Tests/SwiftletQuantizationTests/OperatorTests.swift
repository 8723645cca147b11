import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Every kind of layer, lowered and run. Compared on calibration pictures, which no range cuts off: what remains is what 8 bits allow.
final class OperatorTests: XCTestCase {
    /// Quantizes, runs both models, and returns the SQNR of the logits and the kinds of the int8 operators by layer name.
    private func check(
        _ network: Network, _ settings: QuantizationSettings = .fast, atLeast least: Double = 30, file: StaticString = #filePath,
        line: UInt = #line
    ) throws -> [String: OperatorKind] {
        let pictures = Pictures(count: 16, for: network)
        let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
        XCTAssertGreaterThan(try compareLogits(network, quantized, pictures), least, file: file, line: line)
        let builder = try lowerInt8(network, quantized)
        return Dictionary(uniqueKeysWithValues: builder.operators.map { ($0.name, $0.kind) })
    }

    func testActivationsOfConvolutions() throws {
        let activations: [Activation] = [
            .none, .relu, .clip(low: 0, high: 6), .clip(low: -0.5, high: 0.75), .clip(low: 0.1, high: 1), .hardSwish,
            .hardSigmoid(slope: 0.2, offset: 0.5), .hardSigmoid(slope: -0.3, offset: 0.4), .sigmoid, .swish, .leakyRelu(slope: 0.1),
            .elu(scale: 1), .tanh, .softplus, .mish, .gelu, .geluTanh, .thresholdedRelu(threshold: 0.25),
        ]
        for activation in activations {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 6, kernel: 3, activation)
            _ = b.depthwise("b", a, activation)
            let kinds = try check(b.finished())
            XCTAssertEqual(kinds["a"], .convolutionInt8, "\(activation)")
            XCTAssertEqual(kinds["b"], .depthwiseInt8, "\(activation)")
        }
    }

    func testActivationsAfterResiduals() throws {
        for activation: Activation in [.none, .relu, .clip(low: 0, high: 2), .hardSwish, .hardSigmoid(slope: 0.2, offset: 0.5)] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 6, kernel: 3)
            _ = b.convolution("b", a, outputs: 6, activation, residual: a)
            let kinds = try check(b.finished())
            XCTAssertEqual(kinds["b"], .convolutionInt8)
        }
    }

    func testActivationsOfAdditions() throws {
        for activation: Activation in [.none, .relu, .clip(low: -1, high: 1), .hardSwish, .swish] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 6, kernel: 3)
            let c = b.convolution("b", 0, outputs: 6)
            _ = b.elementwise("sum", .add(activation), [a, c])
            XCTAssertEqual(try check(b.finished())["sum"], .addInt8)
        }
    }

    func testStandaloneActivations() throws {
        for activation: Activation in [
            .relu, .clip(low: 0.5, high: 1), .hardSwish, .hardSigmoid(slope: 0.2, offset: 0.5), .sigmoid, .swish, .leakyRelu(slope: -0.5),
            .elu(scale: 2), .tanh, .softplus, .mish, .gelu, .geluTanh, .thresholdedRelu(threshold: -0.25),
        ] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 6, kernel: 3)
            _ = b.elementwise("activation", .activation(activation), [a])
            XCTAssertEqual(try check(b.finished())["activation"], .tableInt8)
        }
    }

    func testPools() throws {
        for (kind, countsPadding) in [(Pool.Kind.max, false), (.average, false), (.average, true)] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
            let c = b.pool("window", a, kind, kernel: 3, stride: 2, countsPadding: countsPadding)
            _ = b.convolution("b", c, outputs: 8)
            XCTAssertEqual(try check(b.finished())["window"], .poolInt8)
        }
    }

    func testConcatenationJoinsGrids() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
        let c = b.convolution("b", 0, outputs: 4) { $0.weights = $0.weights.map { $0 * 10 } }
        let joined = b.concatenate("joined", [a, c, a])
        _ = b.convolution("c", joined, outputs: 8)
        XCTAssertEqual(try check(b.finished())["joined"], .concatenate)
    }

    /// Channels of joined maps in any order, some twice, some not at all.
    func testSelectionsTakeTheirChannelsGrids() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
        let c = b.convolution("b", 0, outputs: 4) { $0.weights = $0.weights.map { $0 * 10 } }
        let selected = b.concatenate("selected", [a, c], selecting: [9, 0, 6, 1, 7, 2, 2])
        let reversed = b.concatenate("reversed", [selected], selecting: (0..<7).reversed())
        _ = b.convolution("c", reversed, outputs: 8)
        for settings in [QuantizationSettings.fast, .best] {
            let kinds = try check(b.finished(), settings)
            XCTAssertEqual(kinds["selected"], .concatenate)
            XCTAssertEqual(kinds["reversed"], .concatenate)
        }
    }

    /// Any rows and columns, on the input's grid.
    func testResamplingsTakeTheirInputsGrid() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
        let x = b.finished().tensors[a]
        let (rows, columns) = ((0..<x.height * 2).map { $0 / 2 }, (0..<x.width).reversed() + [0, 0])
        let larger = b.resample("larger", a, rows: rows, columns: columns)
        _ = b.convolution("c", larger, outputs: 8)
        for settings in [QuantizationSettings.fast, .best] {
            XCTAssertEqual(try check(b.finished(), settings)["larger"], .resample)
        }
    }

    func testMultiplications() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3)
        let c = b.convolution("b", 0, outputs: 6)
        let product = b.elementwise("product", .multiply, [a, c])
        let pooled = b.globalPool("squeeze", product)
        let gate = b.convolution("gate", pooled, outputs: 6, .sigmoid)
        _ = b.elementwise("gated", .multiply, [product, gate])
        let kinds = try check(b.finished())
        XCTAssertEqual(kinds["product"], .multiplyInt8)
        XCTAssertEqual(kinds["gated"], .multiplyInt8)
        XCTAssertEqual(kinds["gate/activation"], .tableInt8)
    }

    func testGroupsAndDilationAndOddPadding() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 8, kernel: 3, .hardSwish)
        let grouped = b.convolution("grouped", a, outputs: 12, kernel: 3, groups: 4, .relu)
        _ = b.add(
            "dilated",
            .convolution(
                {
                    var window = Window()
                    (window.kernelHeight, window.kernelWidth, window.dilationHeight, window.dilationWidth) = (3, 2, 2, 3)
                    (window.padTop, window.padLeft, window.padBottom, window.padRight) = (1, 3, 3, 0)
                    window.strideHeight = 2
                    return Convolution(
                        window: window, groups: 12, weights: (0..<72).map { Float($0 % 7) * 0.1 - 0.3 },
                        bias: Array(repeating: 0.1, count: 12), activation: .hardSwish)
                }()), [grouped], height: 6, width: 12, channels: 12)
        for settings in [QuantizationSettings.fast, .best] { _ = try check(b.finished(), settings) }
    }

    /// A standalone scale and shift straight after the input, and an input that several layers read.
    func testInputReadByDifferentLayers() throws {
        var b = NetworkBuilder()
        let scaled = b.depthwise("scale", 0, kernel: 1)
        let a = b.convolution("a", 0, outputs: 3, kernel: 3, .relu)
        let sum = b.elementwise("sum", .add(.none), [scaled, a])
        _ = b.elementwise("again", .add(.relu), [sum, 0])
        _ = try check(b.finished())
    }

    func testFloatLayersAreConvertedOnceATensor() throws {
        let network = NetworkBuilder.mobile()
        let quantized = try quantize(
            network, on: Pictures(count: 8).calibration, settings: QuantizationSettings(floatLayers: ["depthwise", "squeeze", "excite"]))
        let builder = try lowerInt8(network, quantized)
        XCTAssertEqual(builder.operators.filter { $0.kind == .dequantize }.map(\.name), ["expand:0/dequantize", "gate:0/dequantize"])
        XCTAssertEqual(builder.operators.filter { $0.kind == .quantize }.map(\.name), ["squeeze:0/quantize", "excite:0/quantize"])
        XCTAssertGreaterThan(try compareLogits(network, quantized, Pictures(), count: 8), 28)
        XCTAssertEqual(quantized.report.layers.filter(\.isFloat).map(\.name), ["depthwise", "squeeze", "excite"])
    }

    func testFloatFirstAndLastLayers() throws {
        let network = NetworkBuilder.mobile()
        let quantized = try quantize(
            network, on: Pictures(count: 8).calibration, settings: QuantizationSettings(floatLayers: ["stem", "classifier"]))
        let builder = try lowerInt8(network, quantized)
        XCTAssertEqual(builder.tensors[builder.input].type, .float32)
        XCTAssertEqual(builder.tensors[builder.output].type, .float32)
        XCTAssertEqual(builder.inputOffsets, [])
        XCTAssertGreaterThan(try compareLogits(network, quantized, Pictures(), count: 8), 28)
    }

    func testAllLayersInFloatGiveTheFloatModel() throws {
        let network = NetworkBuilder.mobile()
        let quantized = try quantize(
            network, on: Pictures(count: 2).calibration, settings: QuantizationSettings(floatLayers: network.layers.map(\.name)))
        let picture = Pictures().picture(3)
        XCTAssertEqual(
            try logits(try load(try lowerInt8(network, quantized)), picture), try logits(try load(try lowerFloat(network)), picture))
    }

    func testNamesAreKeptInBothLowerings() throws {
        let network = NetworkBuilder.mobile()
        let quantized = try quantize(network, on: Pictures(count: 2).calibration, settings: .fast)
        for builder in [try lowerFloat(network), try lowerInt8(network, quantized)] {
            XCTAssertEqual(builder.operators.map(\.name), network.layers.map(\.name))
            XCTAssertEqual(Set(builder.tensors.map(\.name)), Set(network.tensors.map(\.name)))
            XCTAssertEqual(builder.tensors[builder.output].name, "classifier:0")
            XCTAssertEqual(builder.tensors[builder.input].name, "input")
        }
    }
}
