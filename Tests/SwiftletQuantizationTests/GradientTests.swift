import SwiftletGraph
import SwiftletRuntime
import XCTest

@testable import SwiftletQuantization

/// Gradients against difference quotients, and what the range refinement makes of them.
final class GradientTests: XCTestCase {
    /// Moving one bias of a convolution moves the logits by the sum of the gradients of that channel: so everything after it propagates as
    /// it should.
    func testGradientsAreDifferenceQuotients() throws {
        for (name, network) in [("mobile", NetworkBuilder.mobile()), ("everything", Self.everything())] {
            let seed = (0..<10).map { Float($0 % 3) - 0.7 }
            let picture = Pictures(for: network).picture(0)
            func value(_ network: Network) throws -> Double {
                let worker = try XCTUnwrap(Backpropagation(network)).makeWorker()
                worker.forward(picture)
                return seed.indices.reduce(0) { $0 + Double(seed[$1]) * Double(worker.values[network.output].floats[$1]) }
            }
            let plan = try XCTUnwrap(Backpropagation(network))
            let worker = plan.makeWorker()
            worker.forward(picture)
            worker.backward(seed)
            for (index, layer) in network.layers.enumerated() {
                guard case .convolution(let convolution) = layer.operation else { continue }
                let linear = try XCTUnwrap(plan.network.layers.first { $0.name == layer.name }).output
                let shape = plan.network.tensors[linear]
                for channel in [0, convolution.outputs - 1] {
                    let gradient = stride(from: channel, to: shape.count, by: shape.channels).reduce(0.0) {
                        $0 + Double(worker.gradients[linear].floats[$1])
                    }
                    let step: Float = 1 / 256
                    let ends = try [step, -step].map { change in
                        var (moved, changed) = (network, convolution)
                        changed.bias[channel] += change
                        moved.layers[index].operation = .convolution(changed)
                        return try value(moved)
                    }
                    let quotient = (ends[0] - ends[1]) / Double(2 * step)
                    XCTAssertEqual(gradient, quotient, accuracy: 0.02 * abs(quotient) + 0.005, "\(name), \(layer.name), channel \(channel)")
                }
            }
        }
    }

    /// Every operation, strides, uneven padding, groups, both kinds of broadcasting.
    private static func everything() -> Network {
        var b = NetworkBuilder(height: 13, width: 11)
        let stem = b.convolution("stem", 0, outputs: 8, kernel: 3, stride: 2, .hardSwish) {
            $0.window.padTop = 0
            $0.window.padBottom = 2
        }
        let grouped = b.convolution("grouped", stem, outputs: 8, kernel: 3, groups: 2, residual: stem)
        let depthwise = b.depthwise("depthwise", grouped, kernel: 5, stride: 2, .relu)
        let pooled = b.pool("largest", grouped, .max, kernel: 3, stride: 2)
        let means = b.pool("means", grouped, .average, kernel: 3, stride: 2)
        let whole = b.pool("whole", grouped, .average, kernel: 3, stride: 2, countsPadding: true)
        let order = (0..<32).map { $0 * 5 % 32 }
        let joined = b.concatenate("shuffled", [b.concatenate("joined", [depthwise, pooled, means, whole])], selecting: order)
        let vector = b.convolution("vector", b.globalPool("global", joined), outputs: 32, .hardSigmoid(slope: 0.2, offset: 0.5))
        let sum = b.elementwise("sum", .add(.clip(low: -0.5, high: 6)), [b.elementwise("product", .multiply, [joined, vector]), vector])
        let twice = b.elementwise("twice", .add(.none), [sum, b.convolution("last", sum, outputs: 32)])
        _ = b.convolution("end", b.resample("repeated", twice, rows: [0, 1, 1, 3], columns: [2, 0, 2]), outputs: 8)
        return b.finished()
    }

    /// Σ over pictures and channels of (Σ g (e - mean e))², written down.
    func testErrorsOfGrids() {
        let tensor = Tensor(name: "x", height: 2, width: 3, channels: 2)
        var random = SplitMix64(seed: 5)
        let pictures = (0..<4).map { _ in (x: (0..<12).map { _ in random.nextNormal() }, g: (0..<12).map { _ in random.nextNormal() }) }
        let grids = [Grid(scales: [0.5, 0.03], zeros: [3, -128]), Grid(scales: [0.01], zeros: [0])]
        let errors = RangeErrors(tensor: tensor, grids: grids)
        for picture in pictures { errors.add(errors.sums(picture.x, picture.g)) }
        for (index, grid) in grids.enumerated() {
            var total = 0.0
            for c in 0..<2 {
                let positions = stride(from: c, to: 12, by: 2)
                func error(_ x: Float) -> Double {
                    let q = max(-128, min(127, (x / grid.scale(c)).rounded(.toNearestOrEven) + Float(grid.zero(c))))
                    return Double((q - Float(grid.zero(c))) * grid.scale(c) - x)
                }
                let mean = pictures.reduce(0.0) { sum, picture in positions.reduce(sum) { $0 + error(picture.x[$1]) } } / 24
                for picture in pictures {
                    let sum = positions.reduce(0.0) { $0 + Double(picture.g[$1]) * (error(picture.x[$1]) - mean) }
                    total += sum * sum
                }
            }
            XCTAssertEqual(errors.total(index), total, accuracy: 1e-4 * total)
        }
    }

    /// A channel that no later layer reads may be cut off or coarse: it does not decide. The factors do not depend on the number of
    /// threads.
    func testOnlyWhatReachesTheLogitsDecides() throws {
        func network(_ unread: Float) -> Network {
            var b = NetworkBuilder()
            let a = b.convolution("a", 0, outputs: 8, kernel: 3, .relu) { convolution in
                for i in 0..<27 { convolution.weights[i] *= unread }
            }
            _ = b.convolution("b", a, outputs: 8, .relu) { convolution in
                for o in 0..<8 { convolution.weights[o * 8] = 0 }
            }
            return b.finished()
        }
        func factors(_ network: Network, threads: Int) throws -> [Float?] {
            let settings = QuantizationSettings(ranges: .refined)
            let refinement = RangeRefinement(
                prepared: try Preparation(settings: settings).run(network), settings: settings, threads: threads)
            return try XCTUnwrap(try refinement.run(on: Pictures(count: 19).calibration))
        }
        let plain = try factors(network(1), threads: 1)
        XCTAssertEqual(plain, try factors(network(1), threads: 3))
        XCTAssertEqual(plain, try factors(network(7), threads: 2))
        XCTAssertNotNil(plain[1])
        XCTAssertNil(plain[plain.count - 1])  // the logits
    }
}
