import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

final class QuantizeTests: XCTestCase {
    private let presets: [(String, QuantizationSettings)] = [("fast", .fast), ("balanced", .balanced), ("best", .best)]

    func testLogitsOfUnseenPicturesAreCloseToFloat() throws {
        let network = NetworkBuilder.mobile()
        let pictures = Pictures(count: 32)
        for (name, settings) in presets {
            let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
            XCTAssertGreaterThan(try compareLogits(network, quantized, pictures, first: 100), 28, name)
        }
    }

    func testBytesDoNotDependOnThreads() throws {
        let network = NetworkBuilder.mobile()
        let pictures = Pictures(count: 7)
        for (name, settings) in presets {
            let files = try [1, 2, 3, 16].map { threads in
                try lowerInt8(network, try quantize(network, on: pictures.calibration, settings: settings, threads: threads)).finish()
            }
            for file in files.dropFirst() { XCTAssertEqual(file, files[0], name) }
        }
    }

    func testSeedDecidesWhichPositionsAreSampled() throws {
        // 48 x 48 positions of 40 pictures are more than are sampled.
        var b = NetworkBuilder(height: 48, width: 48)
        _ = b.convolution("a", 0, outputs: 4, kernel: 3, .hardSwish)
        let network = b.finished()
        let pictures = Pictures(count: 40, for: network)
        let files = try [UInt64(0), 0, 1].map { seed in
            var settings = QuantizationSettings.fast
            settings.seed = seed
            return try lowerInt8(network, try quantize(network, on: pictures.calibration, settings: settings, threads: 2)).finish()
        }
        XCTAssertEqual(files[0], files[1])
        XCTAssertNotEqual(files[0], files[2])
    }

    /// Calibration computes what the runtime computes: the report's SQNR of the logits is the session's.
    func testReportedNoiseIsTheRuntimesNoise() throws {
        let network = NetworkBuilder.mobile()
        let pictures = Pictures(count: 9)
        for settings in [QuantizationSettings.fast, QuantizationSettings(floatLayers: ["depthwise", "features"])] {
            let quantized = try quantize(network, on: pictures.calibration, settings: settings)
            let measured = try compareLogits(network, quantized, pictures, count: 9)
            let reported = try XCTUnwrap(quantized.report.layers.last?.sqnr)
            XCTAssertEqual(reported, measured, accuracy: 1e-4)
        }
    }

    func testProgressRisesToOneAndNamesLayers() throws {
        final class Log: @unchecked Sendable { var entries: [(Double, String)] = [] }
        let log = Log()
        let network = NetworkBuilder.mobile()
        _ = try quantize(network, on: Pictures(count: 2).calibration, settings: .fast) { log.entries.append(($0, $1)) }
        XCTAssertEqual(log.entries.first?.0, 0)
        XCTAssertEqual(log.entries.last?.0, 1)
        XCTAssertEqual(log.entries.map(\.0), log.entries.map(\.0).sorted())
        for layer in network.layers { XCTAssert(log.entries.contains { $0.1 == layer.name }, layer.name) }
    }

    func testErrorsNameWhatIsWrong() throws {
        let network = NetworkBuilder.mobile()
        let calibration = Pictures(count: 2).calibration
        func message(_ network: Network, _ set: CalibrationSet, _ settings: QuantizationSettings = .fast) -> String {
            switch Result(catching: { try quantize(network, on: set, settings: settings) }) {
            case .success: "no error"
            case .failure(let error): "\(error)"
            }
        }
        var broken = network
        guard case .convolution(var convolution) = broken.layers[2].operation else { return XCTFail("layer 2 is a convolution") }
        convolution.weights[5] = .nan
        broken.layers[2].operation = .convolution(convolution)
        XCTAssertEqual(message(broken, calibration), "layer depthwise: weights or bias are not finite")
        XCTAssert(message(network, calibration, QuantizationSettings(floatLayers: ["nowhere"])).contains("nowhere"))
        XCTAssertEqual(message(network, CalibrationSet(count: 0, inputRange: .measured) { _ in [] }), "the calibration set is empty")
        XCTAssert(message(network, CalibrationSet(count: 3, inputRange: .measured) { _ in [1, 2] }).contains("picture 0 has 2 values"))
        XCTAssert(message(network, CalibrationSet(count: 1, inputRange: .pixels(mean: [0], std: [1])) { _ in [] }).contains("3 values"))
        struct Unreadable: Error {}
        XCTAssert(message(network, CalibrationSet(count: 3, inputRange: .measured) { _ in throw Unreadable() }).contains("Unreadable"))
        XCTAssertThrowsError(
            try lowerInt8(NetworkBuilder(height: 9).finished(), try quantize(network, on: calibration, settings: .fast)))
    }

    /// A share of each layer's values lies beyond its grid only where ranges were narrowed, and every value is counted.
    func testReportHasHistogramsAndRanges() throws {
        let network = NetworkBuilder.mobile()
        let report = try quantize(network, on: Pictures(count: 8).calibration, settings: QuantizationSettings(ranges: .minMax)).report
        for (entry, layer) in zip(report.layers, network.layers) {
            let tensor = network.tensors[layer.output]
            XCTAssertEqual(entry.histogram.count, GridHistogram.bins)
            XCTAssertEqual(entry.histogram.reduce(0, +), tensor.count * 8, entry.name)
            XCTAssertEqual(entry.histogram[..<9].reduce(0, +), 0, entry.name)  // below -138
            XCTAssertEqual(entry.gridLow.count, tensor.channels)
            XCTAssertTrue(zip(entry.channelLow, entry.channelHigh).allSatisfy { $0 <= 0 && $1 >= 0 })
        }
    }
}
