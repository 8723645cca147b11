import SwiftletGraph
import SwiftletRuntime

/// How fast one thread of this machine is now: a few hundredths of a second's measuring.
package struct MeasuredSpeed: Sendable {
    /// Multiply-accumulates a second in a float convolution of the size that networks have.
    package let products: Double
    /// Values a second in a pass that looks at each.
    package let values: Double
    /// How many threads can run at once.
    package let processors: Int

    private static let side = 28
    private static let channels = 64
    private static let runs = 5

    package init(processors: Int) {
        let tensor = Tensor(name: "speed", height: Self.side, width: Self.side, channels: Self.channels)
        let weights = [Float](repeating: 0.5, count: Self.channels * Self.channels)
        let convolution = Convolution(
            window: Window(), groups: 1, weights: weights, bias: [Float](repeating: 0, count: Self.channels), activation: .hardSwish)
        let layer = Layer(name: "speed", operation: .convolution(convolution), inputs: [0], output: 1)
        let kernel = PackedOperator(floatOperator(layer), inputs: [TensorDescription(tensor)], output: TensorDescription(tensor))
        let (x, y, scratch) = (AlignedBuffer(bytes: tensor.count * 4), AlignedBuffer(bytes: tensor.count * 4), kernel.makeScratch())
        x.floats.initialize(repeating: 1, count: tensor.count)
        products = Double(tensor.count * Self.channels) / Self.shortest { kernel.run(x.base, into: y.base, scratch: scratch) }
        let ranges = ObservedRanges(pictures: 1, channels: Self.channels)
        values = Double(tensor.count) / Self.shortest { _ = ranges.record(0, y.floats, count: tensor.count) }
        self.processors = processors
    }

    /// Seconds of the fastest of several runs: the others were disturbed.
    private static func shortest(_ body: () -> Void) -> Double {
        let times = (0..<runs).map { _ in ContinuousClock().measure(body) / .seconds(1) }
        return max(times.min()!, 1e-9)
    }
}
