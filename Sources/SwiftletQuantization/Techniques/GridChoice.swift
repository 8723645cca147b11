import SwiftletGraph

/// Chooses the grid of an activation from its FP32 values on the calibration set.
///
/// - Maps: a pair a channel. Vectors: one pair for the tensor.
/// - Gates: exactly [0, 1]. Logits: one pair with a margin, never clipped.
struct GridChoice: Sendable {
    struct Result: Sendable {
        var grid: Grid
        /// What the measured ranges were multiplied by; nil when the grid does not come from them.
        var factor: Float?
        /// The grid reaches beyond the activation's ends, so that saturation does not clamp there.
        var losesClamp = false
        /// A channel's scale was raised to the least that its operator allows.
        var raised = 0

        /// What the report says of it.
        var notes: [String] {
            raised == 0 ? [] : ["\(raised) channels: output scale raised to keep multipliers in range"]
        }
    }

    /// The least range of a channel, as a share of the tensor's largest: it keeps folded weights tame and costs no accuracy.
    static let narrowest: Float = 1 / 32
    /// What the range of logits grows by at each end, as a share of itself.
    static let logitsMargin: Float = 0.1
    /// Below every scale that means anything, far above what a file may hold.
    static let smallestScale: Float = 1e-12

    let settings: QuantizationSettings
    let threads: Int

    /// - Parameters:
    ///   - smallest: by channel, the least scale that keeps the operator's multipliers within the file's bounds.
    ///   - refined: the factor for the measured ranges, if it is known already.
    func run(_ measured: MeasuredOutput, smallest: [Float], refined: Float?) -> Result {
        let (output, ranges) = (measured.output, measured.ranges)
        if output.isGate {
            let isPossible = smallest.allSatisfy { $0 <= 1 / 255 }
            return Result(grid: Grid(scales: [1 / 255], zeros: [-128]), factor: nil, losesClamp: !isPossible)
        }
        if output.isLogits {
            let whole = ranges.ends(perChannel: false)[0]
            let margin = Self.logitsMargin * whole.width
            return Self.pairs(
                over: [Interval(low: whole.low - margin, high: whole.high + margin)], activation: output.activation,
                smallest: [smallest.max() ?? 0])
        }
        let search = RangeSearch(settings: settings, threads: threads)
        let factor = refined ?? (settings.ranges == .minMax ? 1 : search.run(measured))
        var result = Self.scaled(ranges.ends(perChannel: output.isPerChannel), by: factor, for: output, smallest: smallest)
        result.factor = factor
        return result
    }

    /// The grid over measured ends times a factor.
    /// - Parameters:
    ///   - ends, smallest: a value a channel; all of `ends` are the same where the output has one pair.
    static func scaled(_ ends: ChannelRanges, by factor: Float, for output: LayerOutput, smallest: [Float]) -> Result {
        let used = output.isPerChannel ? output.tensor.channels : 1
        return pairs(
            over: (0..<used).map { ends[$0].scaled(by: factor, within: output.useful) }, activation: output.activation,
            smallest: output.isPerChannel ? smallest : [smallest.max() ?? 0])
    }

    /// A grid a range: ranges that are too narrow widened, scales that are too small raised.
    static func pairs(over ranges: [Interval], activation: Activation, smallest: [Float]) -> Result {
        let interval = activation.interval
        var widest = ranges.map(\.width).max() ?? 0
        if widest == 0 { widest = interval.high.isFinite ? interval.high : 1 }  // a tensor that is always 0
        let least = widest * narrowest
        var result = Result(grid: Grid(scales: [], zeros: []), factor: nil)
        for (range, smallest) in zip(ranges, smallest) {
            // A channel that is always 0 gets a range above 0; a narrow one keeps its proportions.
            let factor = range.width == 0 ? 1 : max(1, least / range.width)
            var (scale, zero) = Grid.pair(low: range.low * factor, high: range.width == 0 ? least : range.high * factor)
            if scale < max(smallest, smallestScale) {
                scale = max(smallest, smallestScale)
                result.raised += 1
            }
            let (first, last) = ((-128 - Float(zero)) * scale, (127 - Float(zero)) * scale)
            if activation.isClampAroundZero && (last > interval.high + 0.51 * scale || first < interval.low - 0.51 * scale) {
                result.losesClamp = true
            }
            result.grid.scales.append(scale)
            result.grid.zeros.append(zero)
        }
        return result
    }
}
