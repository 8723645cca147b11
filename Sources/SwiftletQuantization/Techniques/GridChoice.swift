import SwiftletGraph

/// Chooses the grid of an activation from its FP32 values on the calibration set.
///
/// - Maps: a pair a channel. Vectors (after global pooling): one pair for the tensor, since a few hundred pictures give a channel only a
///   few hundred values and its extremes are badly known.
/// - Gates (vectors of values in [0, 1]): exactly [0, 1]. Logits: one pair with a margin, never clipped.
struct GridChoice: Sendable {
    struct Result: Sendable {
        var grid: Grid
        /// What the measured ranges were multiplied by; nil when the grid does not come from them.
        var factor: Float?
        /// The grid reaches beyond the activation's ends, so that saturation does not clamp there.
        var losesClamp = false
        /// A channel's scale was raised to the least that its operator allows.
        var raised = 0
    }

    /// Of the tensor's largest channel range: a floor under narrow channels' ranges, which keeps folded weights tame and costs no accuracy.
    static let narrowest: Float = 1 / 32
    static let logitsMargin: Float = 0.1
    /// Below every scale that means anything, far above what a file may hold.
    static let smallestScale: Float = 1e-12

    let settings: QuantizationSettings
    let threads: Int

    /// - Parameters:
    ///   - tensor: its shape; `isLogits`: it is the network's output.
    ///   - ranges, values: its FP32 values.
    ///   - activation: what made them. `useful`: the values that matter to whoever reads them; the range goes no further.
    ///   - smallest: by channel, the least scale that keeps the operator's multipliers within the file's bounds.
    ///   - refined: the factor for the measured ranges, if it is known already.
    ///   - stream: tells this tensor's random sample from others'.
    func run(
        _ tensor: Tensor, isLogits: Bool, ranges: ObservedRanges, values: PictureTensor, activation: Activation,
        useful: (low: Float, high: Float), smallest: [Float], refined: Float?, stream: Int
    ) -> Result {
        if tensor.isVector && !isLogits && activation.isUnitInterval {
            let isPossible = smallest.allSatisfy { $0 <= 1 / 255 }
            return Result(grid: Grid(scales: [1 / 255], zeros: [-128]), factor: nil, losesClamp: !isPossible)
        }
        if isLogits {
            let (low, high) = ranges.ends(perChannel: false)
            let margin = Self.logitsMargin * (high[0] - low[0])
            return Self.pairs(low: [low[0] - margin], high: [high[0] + margin], activation: activation, smallest: [smallest.max() ?? 0])
        }
        let perChannel = settings.perChannel && !tensor.isVector
        let factor =
            refined
            ?? (settings.ranges == .minMax
                ? 1
                : RangeSearch(settings: settings, threads: threads).run(
                    tensor, ranges: ranges, values: values, useful: useful, perChannel: perChannel, stream: stream))
        var result = Self.scaled(
            ranges.ends(perChannel: perChannel), by: factor, useful: useful, perChannel: perChannel, activation: activation,
            smallest: smallest)
        result.factor = factor
        return result
    }

    /// The grid over measured ends times a factor.
    /// - Parameters:
    ///   - ends, smallest: a value a channel, all the same in `ends` unless `perChannel`.
    ///   - perChannel: a pair a channel; false: one pair.
    static func scaled(
        _ ends: (low: [Float], high: [Float]), by factor: Float, useful: (low: Float, high: Float), perChannel: Bool,
        activation: Activation,
        smallest: [Float]
    ) -> Result {
        let used = perChannel ? ends.low.count : 1
        return pairs(
            low: ends.low[..<used].map { max($0 * factor, min(useful.low, 0)) },
            high: ends.high[..<used].map { min($0 * factor, max(useful.high, 0)) },
            activation: activation, smallest: perChannel ? smallest : [smallest.max() ?? 0])
    }

    /// A grid a range: ranges that are too narrow widened, scales that are too small raised.
    static func pairs(low: [Float], high: [Float], activation: Activation, smallest: [Float]) -> Result {
        let interval = activation.interval
        var widest = zip(low, high).map { $1 - $0 }.max() ?? 0
        if widest == 0 { widest = interval.high.isFinite ? interval.high : 1 }  // a tensor that is always 0
        let least = widest * narrowest
        var result = Result(grid: Grid(scales: [], zeros: []), factor: nil)
        for c in low.indices {
            let range = high[c] - low[c]
            // A channel that is always 0 gets a range above 0; a narrow one keeps its proportions.
            let factor = range == 0 ? 1 : max(1, least / range)
            var (scale, zero) = Grid.pair(low: low[c] * factor, high: range == 0 ? least : high[c] * factor)
            if scale < max(smallest[c], smallestScale) {
                scale = max(smallest[c], smallestScale)
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
