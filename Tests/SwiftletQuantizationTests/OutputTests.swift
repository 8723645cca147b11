import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime
import XCTest

/// Networks that give out several tensors, maps, or take other channels than three.
final class OutputTests: XCTestCase {
    private let presets: [(String, QuantizationSettings)] = [("fast", .fast), ("balanced", .balanced)]

    /// Two classifiers and a map on one stem.
    private func twoHeads() -> Network {
        var b = NetworkBuilder()
        let stem = b.convolution("stem", 0, outputs: 8, kernel: 3, stride: 2, .hardSwish)
        let map = b.convolution("map", stem, outputs: 16, kernel: 3, .relu)
        let pooled = b.globalPool("pool", map)
        let first = b.convolution("first", pooled, outputs: 10)
        let hidden = b.convolution("hidden", b.globalPool("other", stem), outputs: 12, .hardSwish)
        let second = b.convolution("second", hidden, outputs: 4)
        b.network.outputs = [
            NetworkOutput(name: "features", tensor: map), NetworkOutput(name: "a", tensor: first, head: .softmax),
            NetworkOutput(name: "b", tensor: second, head: .sigmoid),
        ]
        return b.network
    }

    /// By output: signal to noise of int8 against FP32 on unseen pictures, decibels.
    private func compare(_ network: Network, _ quantized: QuantizedNetwork, _ pictures: Pictures) throws -> [Double] {
        let sessions = try [load(try lowerFloat(network)), load(try lowerInt8(network, quantized))].map { try Session($0) }
        var sums = [SignalToNoise](repeating: SignalToNoise(), count: network.outputs.count)
        for index in 100..<110 {
            for session in sessions {
                try pictures.picture(index).withUnsafeBufferPointer { try session.setInput(values: $0) }
                session.run()
            }
            for output in network.outputs.indices {
                for (a, b) in zip(sessions[0].values(of: output), sessions[1].values(of: output)) {
                    sums[output].add(Double(a), Double(b))
                }
            }
        }
        return sums.map(\.decibels)
    }

    func testSeveralOutputs() throws {
        let network = twoHeads()
        XCTAssertEqual(network.classifyingOutput, 1)
        XCTAssertTrue(network.endsInSoftmax)
        let pictures = Pictures(count: 24)
        for (name, settings) in presets {
            let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
            let model = try load(try lowerInt8(network, quantized))
            XCTAssertEqual(model.outputs.map(\.name), ["features", "a", "b"])
            XCTAssertEqual(model.outputs.map(\.head), [.none, .softmax, .sigmoid])
            XCTAssertEqual(model.outputs.map(\.count), [6 * 6 * 16, 10, 4])
            for (output, decibels) in zip(network.outputs, try compare(network, quantized, pictures)) {
                XCTAssertGreaterThan(decibels, 28, "\(name), \(output.name)")
            }
            let distance = try Sensitivity(network, on: pictures.calibration, threads: 2).distance(quantized)
            XCTAssertLessThan(distance.divergence, 0.01, name)
        }
    }

    func testAMapAlone() throws {
        var network = twoHeads()
        network.outputs = [network.outputs[0]]
        network.layers.removeAll { !["stem", "map"].contains($0.name) }
        let pictures = Pictures(count: 24)
        for (name, settings) in presets {
            let quantized = try quantize(network, on: pictures.calibration, settings: settings, threads: 2)
            XCTAssertGreaterThan(try compare(network, quantized, pictures)[0], 30, name)
            XCTAssertEqual(try Sensitivity(network, on: pictures.calibration, threads: 2).run(quantized).count, 2)
        }
    }

    /// Tensors that only the second classifier reads keep the ranges of their own search, whatever the first one's gradients say: nothing.
    func testRefinementLeavesOtherBranchesToTheSearch() throws {
        let network = twoHeads()
        let pictures = Pictures(count: 16)
        let report = try quantize(network, on: pictures.calibration, settings: .balanced).report
        var alone = QuantizationSettings.balanced
        alone.ranges = .crossValidated
        let searched = try quantize(network, on: pictures.calibration, settings: alone).report
        for name in ["other", "hidden"] {
            XCTAssertEqual(
                report.layers.first { $0.name == name }?.rangeFactor, searched.layers.first { $0.name == name }?.rangeFactor, name)
        }
    }

    /// Tensors of two, four and seven channels, whose ranges are measured.
    func testOtherChannels() throws {
        for channels in [1, 2, 4, 7] {
            var b = NetworkBuilder(channels: channels)
            _ = b.convolution("stem", 0, outputs: 12, kernel: 3, stride: 2, .relu)
            let network = b.finished()
            let set = CalibrationSet(count: 16, inputRange: .measured) { index in
                var random = SplitMix64(seed: UInt64(index))
                return (0..<(12 * 12 * channels)).map { Float($0 % channels + 1) * random.nextNormal() + Float(index) / 8 }
            }
            let quantized = try quantize(network, on: set, settings: .fast)
            let (float, int8) = (try load(try lowerFloat(network)), try load(try lowerInt8(network, quantized)))
            XCTAssertEqual(int8.inputShape.channels, channels)
            var sums = SignalToNoise()
            for index in 0..<16 {
                let picture = try set.picture(index)
                for (a, b) in zip(try logits(float, picture), try logits(int8, picture)) { sums.add(Double(a), Double(b)) }
            }
            XCTAssertGreaterThan(sums.decibels, 25, "\(channels) channels")
        }
    }

    func testOutputsThatAreNotThere() {
        func message(_ change: (inout [NetworkOutput]) -> Void) -> String {
            var network = twoHeads()
            change(&network.outputs)
            do {
                try network.check()
                return "nothing"
            } catch {
                return "\(error)"
            }
        }
        XCTAssertEqual(message { _ in }, "nothing")
        XCTAssertEqual(message { $0[2].tensor = 0 }, "no layer computes the output 'b'")
        XCTAssertEqual(message { $0[2].tensor = 99 }, "no layer computes the output 'b'")
        XCTAssertEqual(message { $0[0].head = .softmax }, "the output 'features' is a map with a classifier's head")
        XCTAssertEqual(message { $0 = Array(repeating: $0[0], count: 65) }, "65 outputs, but a .slet file has 1 to 64")
        XCTAssertEqual(message { $0 = [] }, "0 outputs, but a .slet file has 1 to 64")
    }
}
