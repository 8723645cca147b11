import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

final class GridTests: XCTestCase {
    func testPixelsAreTheirOwnGrid() throws {
        var b = NetworkBuilder()
        _ = b.convolution("a", 0, outputs: 4, kernel: 3)
        let network = b.finished()
        let pictures = Pictures(count: 4)
        let quantized = try quantize(network, on: pictures.calibration, settings: .fast)
        let grid = quantized.grids[network.input]
        XCTAssertEqual(grid.scales, pictures.std.map { 1 / $0 })
        XCTAssertEqual(grid.offsets, pictures.mean.map { $0 - 128 })
        XCTAssertEqual(grid.zeros, [-4, -12, -24])
        XCTAssertEqual(try lowerInt8(network, quantized).inputOffsets, grid.offsets)
        for pixel in 0..<256 {
            for c in 0..<3 {
                let x = (Float(pixel) - pictures.mean[c]) / pictures.std[c]
                XCTAssertEqual((x / grid.scales[c] + grid.offsets[c]).rounded(.toNearestOrEven), Float(pixel - 128))
            }
        }
    }

    /// The fractional zero point is made good in the first layer: a 1x1 convolution of a constant picture is right to a step of its
    /// weights.
    func testFirstLayerMakesGoodTheFractionalOffset() throws {
        var b = NetworkBuilder(height: 4, width: 4)
        let a = b.convolution("a", 0, outputs: 3) { c in
            c.weights = [1, 0, 0, 0, 1, 0, 0, 0, 1]
            c.bias = [0, 0, 0]
        }
        let network = b.finished()
        let mean: [Float] = [100.4, 100.5, 99.6]
        let set = CalibrationSet(count: 2, inputRange: .pixels(mean: mean, std: [1, 1, 1])) { i in
            (0..<48).map { Float($0 % 2 == i ? 0 : 255) - mean[$0 % 3] }
        }
        let quantized = try quantize(network, on: set, settings: QuantizationSettings(bias: .none))
        let output = try load(try lowerInt8(network, quantized))
        let picture = (0..<48).map { Float(37) - mean[$0 % 3] }
        let values = try tensor("a:0", output, picture)
        let scale = quantized.grids[a].scales[0]
        for (i, value) in values.enumerated() { XCTAssertEqual(value, picture[i], accuracy: scale * 0.51, "\(i)") }
    }

    /// A grid's zero point is what padding holds: borders of a picture whose zero point is far from 0 are as right as its middle.
    func testPaddingIsRealZero() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6) { c in c.bias = [3, -3, 4, -4, 0, 8] }
        let d = b.depthwise("b", a, kernel: 5) { c in c.bias = c.bias.map { $0 * 0 } }
        _ = b.convolution("c", d, outputs: 6, kernel: 3)
        let network = b.finished()
        let pictures = Pictures(count: 8)
        let quantized = try quantize(network, on: pictures.calibration, settings: .fast)
        XCTAssertNotEqual(Set(quantized.grids[a].zeros).count, 1)
        let (float, int8) = (try load(try lowerFloat(network)), try load(try lowerInt8(network, quantized)))
        var (border, middle) = (0.0, 0.0)
        for index in 20..<28 {
            let (x, y) = (try tensor("c:0", float, pictures.picture(index)), try tensor("c:0", int8, pictures.picture(index)))
            for i in x.indices {
                let (row, column) = (i / 6 / 12, i / 6 % 12)
                let error = Double(x[i] - y[i]) * Double(x[i] - y[i])
                if row < 3 || row > 8 || column < 3 || column > 8 { border += error / 108 } else { middle += error / 36 }
            }
        }
        XCTAssertLessThan(border, middle * 2)
    }

    func testReLU6RangeEndsAtTheClampAndGatesAreShares() throws {
        let network = NetworkBuilder.mobile()
        for settings in [QuantizationSettings.fast, .balanced] {
            let quantized = try quantize(network, on: Pictures(count: 8).calibration, settings: settings)
            func grid(_ layer: String) -> Grid { quantized.grids[network.layers.first { $0.name == layer }!.output] }
            XCTAssertEqual(grid("gate"), Grid(scales: [1 / 255], zeros: [-128]))
            for c in 0..<32 {
                XCTAssertEqual(grid("head").zero(c), -128)
                XCTAssertLessThanOrEqual(grid("head").scale(c), 6 / 255 * 1.0001)
            }
            for name in ["squeeze", "reduce", "pool", "features", "classifier"] { XCTAssertFalse(grid(name).isPerChannel, name) }
            for name in ["stem", "expand", "depthwise", "excite", "project", "head"] { XCTAssert(grid(name).isPerChannel, name) }
        }
    }

    /// A table operator flattens what lies beyond the ends of its activation: the grid before it spends no step there.
    func testGridBeforeATableStopsWhereTheActivationIsFlat() throws {
        for (activation, low, high): (Activation, Float, Float) in [
            (.sigmoid, -7, 7), (.swish, -8, .infinity), (.clip(low: 0.5, high: 2), 0, 2),
        ] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 4, kernel: 3, activation) { c in c.weights = c.weights.map { $0 * 20 } }
            let network = b.finished()
            let quantized = try quantize(network, on: Pictures(count: 4).calibration, settings: .balanced)
            let before = try XCTUnwrap(quantized.network.tensors.firstIndex { $0.name == network.tensors[a].name + "/linear" })
            let grid = quantized.grids[before]
            for c in 0..<4 {
                XCTAssertGreaterThanOrEqual((-128 - Float(grid.zero(c))) * grid.scale(c), low - grid.scale(c), "\(activation)")
                XCTAssertLessThanOrEqual((127 - Float(grid.zero(c))) * grid.scale(c), high + grid.scale(c), "\(activation)")
            }
        }
    }

    func testOnePairForATensorWhenAsked() throws {
        let network = NetworkBuilder.mobile()
        let quantized = try quantize(network, on: Pictures(count: 4).calibration, settings: QuantizationSettings(perChannel: false))
        for layer in network.layers { XCTAssertEqual(quantized.grids[layer.output].scales.count, 1, layer.name) }
    }

    func testNarrowChannelsShareAFloor() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 4) { c in for k in 0..<3 { c.weights[k] *= 1e-4 } }
        let network = b.finished()
        let scales = try quantize(network, on: Pictures(count: 4).calibration, settings: .fast).grids[a].scales
        let widest = try XCTUnwrap(scales.max())
        XCTAssertGreaterThan(scales[0] * 32.01, widest)
    }

    func testReportDescribesLayers() throws {
        let network = NetworkBuilder.mobile()
        let report = try quantize(network, on: Pictures(count: 4).calibration, settings: .balanced).report
        XCTAssertEqual(report.layers.map(\.name), network.layers.map(\.name))
        XCTAssertEqual(report.layers.map(\.output), network.layers.map { network.tensors[$0.output].name })
        for entry in report.layers {
            XCTAssertGreaterThan(try XCTUnwrap(entry.sqnr), 15, entry.name)
            XCTAssertLessThanOrEqual(entry.low, entry.high)
        }
        let stem = report.layers[0]
        XCTAssertLessThan(try XCTUnwrap(stem.weightError), 0.02)
        XCTAssertNotNil(stem.biasShift)
        XCTAssertNotNil(stem.rangeFactor)
        let copy = try JSONDecoder().decode(QuantizationReport.self, from: try JSONEncoder().encode(report))
        XCTAssertEqual(copy.layers.count, report.layers.count)
    }

    /// A tensor after a run, as real values.
    private func tensor(_ name: String, _ model: Model, _ picture: [Float]) throws -> [Float] {
        let session = try Session(model, keepsTensors: true)
        try picture.withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        return try session.tensor(try XCTUnwrap(model.tensors.firstIndex { $0.name == name }))
    }
}
