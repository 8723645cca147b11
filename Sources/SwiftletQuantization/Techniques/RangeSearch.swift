import SwiftletGraph
import SwiftletRuntime

/// Cross-validated ranges: one factor for all the ranges of a tensor, chosen on pictures that did not set them.
///
/// Two folds: ranges from one half of the pictures, the quantization error (relative to each channel's variance) on the other half. Early
/// layers choose 0.9 to 1.0, late ones 1.25 to 2: min-max ranges of a few hundred pictures are too narrow there.
struct RangeSearch: Sendable {
    static let factors: [Float] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0]
    /// Positions sampled, over all pictures.
    static let positions = 60_000

    let settings: QuantizationSettings
    let threads: Int

    func run(
        _ tensor: Tensor, ranges: ObservedRanges, values: PictureTensor, useful: (low: Float, high: Float), perChannel: Bool, stream: Int
    ) -> Float {
        let (pictures, channels) = (ranges.pictures, tensor.channels)
        guard pictures >= 2 else { return 1 }
        var generator = SplitMix64(seed: settings.seed, stream: stream)
        let sampled = generator.sample(max(1, Self.positions / pictures), of: tensor.height * tensor.width).map { $0 * channels }
        let folds = [0, 1].map { fold in ranges.ends(perChannel: perChannel) { $0 % 2 != fold } }
        let errors = SharedArray(repeating: 0.0, count: Self.factors.count * channels)

        parallel(channels, threads: threads) { part in
            var noise = [Double](repeating: 0, count: part.count)
            for fold in 0..<2 {
                let judges = Array(stride(from: fold, to: pictures, by: 2))
                let variance =
                    perChannel
                    ? Self.variances(values, pictures: judges, starts: sampled, channels: part, ranges: folds[fold])
                    : [Double](repeating: 1, count: part.count)
                let count = Double(judges.count * sampled.count)
                for (j, factor) in Self.factors.enumerated() {
                    let grids = part.map { c in
                        let low = max(folds[fold].low[c] * factor, min(useful.low, 0))
                        let high = min(folds[fold].high[c] * factor, max(useful.high, 0))
                        return high > low ? Grid.pair(low: low, high: high) : (scale: 1e-8, zero: 0)
                    }
                    for i in noise.indices { noise[i] = 0 }
                    Self.addNoise(values, pictures: judges, starts: sampled, channels: part, grids: grids, to: &noise)
                    for (i, c) in part.enumerated() { errors[j * channels + c] += noise[i] / count / variance[i] }
                }
            }
        }
        // Channels are added in order, so that the sum does not depend on how they were shared out.
        let totals = Self.factors.indices.map { j in (0..<channels).reduce(0.0) { $0 + errors[j * channels + $1] } }
        var best = Self.factors.firstIndex(of: 1)!  // where nothing tells them apart
        for j in totals.indices where totals[j] < totals[best] { best = j }
        return Self.factors[best]
    }

    /// Of the sampled values. Infinite for a channel that is all but constant: its rounding error would outweigh all others', yet is a
    /// shift that the next bias correction takes away.
    private static func variances(
        _ values: PictureTensor, pictures: [Int], starts: [Int], channels: Range<Int>, ranges: (low: [Float], high: [Float])
    ) -> [Double] {
        var (sum, squares) = ([Double](repeating: 0, count: channels.count), [Double](repeating: 0, count: channels.count))
        for picture in pictures {
            let x = values.floats(picture) + channels.lowerBound
            for start in starts {
                for i in 0..<channels.count {
                    let value = Double(x[start + i])
                    sum[i] += value
                    squares[i] += value * value
                }
            }
            values.release(picture)
        }
        let count = Double(pictures.count * starts.count)
        return channels.enumerated().map { i, c in
            let (mean, step) = (sum[i] / count, Double(ranges.high[c] - ranges.low[c]) / 255)
            let variance = max(1e-12, squares[i] / count - mean * mean)
            return variance < step * step ? .infinity : variance
        }
    }

    private static func addNoise(
        _ values: PictureTensor, pictures: [Int], starts: [Int], channels: Range<Int>, grids: [(scale: Float, zero: Int8)],
        to noise: inout [Double]
    ) {
        let count = channels.count
        let (scale, inverse) = (grids.map(\.scale), grids.map { 1 / $0.scale })
        let (bottom, top) = (grids.map { -128 - Float($0.zero) }, grids.map { 127 - Float($0.zero) })
        var sums = [Float](repeating: 0, count: count)
        for picture in pictures {
            let x = values.floats(picture) + channels.lowerBound
            sums.withUnsafeMutableBufferPointer { sums in
                scale.withUnsafeBufferPointer { scale in
                    inverse.withUnsafeBufferPointer { inverse in
                        bottom.withUnsafeBufferPointer { bottom in
                            top.withUnsafeBufferPointer { top in
                                for start in starts {
                                    for i in 0..<count {
                                        let error = quantizationError(
                                            x[start + i], scale: scale[i], inverse: inverse[i], bottom: bottom[i], top: top[i])
                                        sums[i] += error * error
                                    }
                                }
                            }
                        }
                    }
                }
            }
            for i in 0..<count {
                noise[i] += Double(sums[i])
                sums[i] = 0
            }
            values.release(picture)
        }
    }
}
