import SwiftletGraph

extension Grid {
    /// Below every scale that means anything: a channel that is always 0.
    private static let leastScale: Float = 1e-12

    /// A grid that a model came with; nil for one that has not the steps of 8 bits, or a scale that no file can hold.
    init?(_ published: PublishedGrid) {
        guard (253...255).contains(published.highest - published.lowest) else { return nil }
        let fits = published.lowest >= -128 && published.highest <= 127
        let zeros = published.zeroPoints.compactMap { Int8(exactly: fits ? $0 : $0 - 128 - published.lowest) }
        guard zeros.count == published.scales.count, published.scales.allSatisfy({ $0 < 1e18 }) else { return nil }
        self.init(scales: published.scales.map { max($0, Self.leastScale) }, zeros: zeros)
    }

    /// The values between which it lies.
    func interval(_ channel: Int) -> Interval {
        Interval(low: (-128 - offset(channel)) * scale(channel), high: (127 - offset(channel)) * scale(channel))
    }

    /// The same with one pair where all channels have the same.
    var collapsed: Grid {
        let isUniform = offsets.isEmpty && scales.allSatisfy { $0 == scales[0] } && zeros.allSatisfy { $0 == zeros[0] }
        return isUniform ? Grid(scales: [scales[0]], zeros: [zeros[0]]) : self
    }

    /// The same range above 0, in twice as many steps, for values that a ReLU has made: saturation then clamps at both of its ends. nil for
    /// other activations, and grids that are not symmetric.
    func upperHalf(of activation: Activation) -> Grid? {
        guard activation == .relu, zeros == [0] else { return nil }
        return Grid(scales: [scales[0] * 127 / 255], zeros: [-128])
    }

    /// Whether it goes beyond where an activation clamps, so that saturation does not clamp there.
    func exceeds(_ interval: Interval) -> Bool {
        scales.indices.contains { channel in
            let (own, slack) = (self.interval(channel), 0.51 * scale(channel))
            return own.high > interval.high + slack || own.low < interval.low - slack
        }
    }
}
