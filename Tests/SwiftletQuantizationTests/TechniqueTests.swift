import SwiftletGraph
import SwiftletRuntime
import XCTest

@testable import SwiftletQuantization

/// What each technique is for, on networks where luck does not decide.
final class TechniqueTests: XCTestCase {
    func testBiasCorrectionCentersTheOutput() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
        let c = b.convolution("b", a, outputs: 8, kernel: 3)
        let network = b.finished()
        let pictures = Pictures(count: 8)
        func meanError(_ bias: QuantizationSettings.Bias) throws -> Double {
            let quantized = try quantize(network, on: pictures.calibration, settings: QuantizationSettings(bias: bias))
            let models = [try load(try lowerFloat(network)), try load(try lowerInt8(network, quantized))]
            var sums = [Double](repeating: 0, count: 8)
            for index in 0..<8 {
                let values = try models.map { model in
                    let session = try Session(model, keepsTensors: true)
                    try pictures.picture(index).withUnsafeBufferPointer { try session.setInput(values: $0) }
                    session.run()
                    return try session.tensor(try XCTUnwrap(model.tensors.firstIndex { $0.name == network.tensors[c].name }))
                }
                for i in values[0].indices { sums[i % 8] += Double(values[1][i] - values[0][i]) }
            }
            return sums.reduce(0) { $0 + abs($1) }
        }
        XCTAssertLessThan(try meanError(.mean), 0.5 * (try meanError(.none)))
    }

    func testSlopeIgnoresWhatTheActivationFlattens() {
        // One channel: half of the outputs are below -3, where int8 is off by 1; the others are exact.
        let tensor = Tensor(name: "x", height: 1, width: 4, channels: 1)
        func shift(_ activation: Activation) -> Float {
            let correction = BiasCorrection(tensor: tensor, pictures: 1, slope: Slope(activation), seed: 0, stream: 0)
            correction.record(picture: 0, wanted: [-6, -5, 4, 5], got: [-7, -6, 4, 5], step: [1], bias: [0], residuals: nil)
            return correction.shifts(threads: 1)[0]
        }
        XCTAssertEqual(shift(.none), 0.5)
        XCTAssertLessThan(shift(.hardSwish), 0.02)
        XCTAssertLessThan(shift(.relu), 0.02)
        // ReLU6 flattens no other value of these: the same.
        XCTAssertEqual(shift(.clip(low: 0, high: 6)), shift(.relu))
    }

    func testSlopesAreTheDerivatives() throws {
        for activation: Activation in [.relu, .clip(low: -1, high: 2), .hardSwish, .hardSigmoid(slope: 0.2, offset: 0.5)] {
            let slope = try XCTUnwrap(Slope(activation))
            func value(_ x: Float) -> Float {
                switch activation {
                case .relu: max(x, 0)
                case .clip(let low, let high): min(max(x, low), high)
                case .hardSwish: x * min(max(x + 3, 0), 6) / 6
                case .hardSigmoid(let a, let b): min(max(x * a + b, 0), 1)
                default: x
                }
            }
            for i in -40...40 {
                let x = Float(i) * 0.13 + 0.02  // at no corner
                XCTAssertEqual(slope(x), (value(x + 0.01) - value(x - 0.01)) / 0.02, accuracy: 0.06, "\(activation) at \(x)")
            }
        }
    }

    func testCrossValidatedRangesServeUnseenPictures() throws {
        var b = NetworkBuilder()
        let a = b.convolution("a", 0, outputs: 6, kernel: 3, .hardSwish)
        _ = b.convolution("b", a, outputs: 8, kernel: 3)
        let network = b.finished()
        let pictures = Pictures(count: 8)
        let narrow = try quantize(network, on: pictures.calibration, settings: .fast)
        let validated = try quantize(network, on: pictures.calibration, settings: .balanced)
        XCTAssertGreaterThan(
            try compareLogits(network, validated, pictures, first: 100, count: 40),
            try compareLogits(network, narrow, pictures, first: 100, count: 40))
        // Eight pictures' means say little of others' means: the pooled vector gets a wider range.
        XCTAssertGreaterThan(try XCTUnwrap(validated.report.layers[2].rangeFactor), 1)
    }

    func testSecondOrderRoundingLowersTheError() throws {
        for (groups, kernel) in [(1, 1), (1, 3), (16, 3), (4, 3)] {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 16, kernel: 3, .relu)
            _ = b.convolution("b", a, outputs: 16, kernel: kernel, groups: groups)
            let network = b.finished()
            // Inputs that are alike are what rounding errors can be moved between. Output grids far finer than the weights' error show it.
            let pictures = Pictures(count: 16)
            func noise(_ rounding: QuantizationSettings.Rounding, _ steps: QuantizationSettings.Steps = .largest) throws -> Float {
                let quantized = try quantize(
                    network, on: pictures.calibration, settings: QuantizationSettings(rounding: rounding, steps: steps))
                let weights = quantized.layers[1].operation
                let grid = quantized.grids[a]
                guard case .convolution(let convolution) = network.layers[1].operation else { return .nan }
                let output = quantized.grids[network.layers[1].output]
                let steps = weights.multiplier.enumerated().map { $1 * output.scale($0) }
                // Error of the weights seen through the covariance of the float network's inputs.
                let float = try load(try lowerFloat(network))
                let session = try Session(float, keepsTensors: true)
                var total: Float = 0
                for index in 0..<4 {
                    try pictures.picture(index).withUnsafeBufferPointer { try session.setInput(values: $0) }
                    session.run()
                    let x = try session.tensor(try XCTUnwrap(float.tensors.firstIndex { $0.name == "a:0" }))
                    total += outputError(convolution, weights.weights, steps, grid, x)
                }
                return total
            }
            let (nearest, largest, searched) = try (noise(.nearest), noise(.secondOrder), noise(.secondOrder, .searched))
            XCTAssertLessThan(largest, 0.9 * nearest, "\(groups) groups, kernel \(kernel)")
            XCTAssertLessThan(searched, 0.9 * largest, "\(groups) groups, kernel \(kernel)")
        }
    }

    /// Variance over the positions of a 12 x 12 map of Σ (integer weight * step / scale - weight) x, summed over outputs.
    private func outputError(_ c: Convolution, _ integers: [Int8], _ step: [Float], _ grid: Grid, _ x: [Float]) -> Float {
        let (inputs, kernel, perGroup) = (c.inputsPerGroup, c.window.kernelHeight, c.outputs / c.groups)
        var total: Float = 0
        for o in 0..<c.outputs {
            var errors: [Float] = []
            for row in 0..<12 {
                for column in 0..<12 {
                    var sum: Float = 0
                    for ky in 0..<kernel {
                        for kx in 0..<kernel {
                            let (y, z) = (row + ky - kernel / 2, column + kx - kernel / 2)
                            guard (0..<12).contains(y), (0..<12).contains(z) else { continue }
                            for i in 0..<inputs {
                                let channel = o / perGroup * inputs + i
                                let k = ((o * kernel + ky) * kernel + kx) * inputs + i
                                sum += (Float(integers[k]) * step[o] / grid.scale(channel) - c.weights[k]) * x[(y * 12 + z) * 16 + channel]
                            }
                        }
                    }
                    errors.append(sum)
                }
            }
            let mean = errors.reduce(0, +) / Float(errors.count)
            total += errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(errors.count)
        }
        return total
    }

    func testInverseFactor() {
        for size in [1, 2, 47, 48, 49, 130] {
            var random = SplitMix64(seed: 5)
            let a = (0..<size * size).map { _ in Double(random.nextNormal()) }
            var h = [Double](repeating: 0, count: size * size)
            for i in 0..<size {
                for j in 0..<size {
                    h[i * size + j] = (0..<size).reduce(0.0) { $0 + a[i * size + $1] * a[j * size + $1] } + (i == j ? 1 : 0)
                }
            }
            let factor = InverseFactor(h, size: size, damping: 0, threads: 1)
            let shared = InverseFactor(h, size: size, damping: 0, threads: 3)
            // U H Uᵀ = 1
            for i in 0..<size {
                let (row, other) = (factor.row(i), shared.row(i))
                for k in 0..<size {
                    XCTAssertEqual(row[k], other[k])
                    if k < i { XCTAssertEqual(row[k], 0) }
                }
                let product = (0..<size).map { k in (0..<size).reduce(0.0) { $0 + row[$1] * h[$1 * size + k] } }
                for j in 0..<size {
                    let value = (0..<size).reduce(0.0) { $0 + product[$1] * factor.row(j)[$1] }
                    XCTAssertEqual(value, i == j ? 1 : 0, accuracy: 1e-9)
                }
            }
        }
    }

    func testSampleIsSortedAndDistinct() {
        var random = SplitMix64(seed: 3, stream: 4)
        for (count, total) in [(0, 5), (3, 5), (5, 5), (9, 5), (100, 12_544)] {
            let sample = random.sample(count, of: total)
            XCTAssertEqual(sample.count, min(count, total))
            XCTAssertEqual(sample, Array(Set(sample)).sorted())
            XCTAssert(sample.allSatisfy { (0..<total).contains($0) })
        }
    }
}
