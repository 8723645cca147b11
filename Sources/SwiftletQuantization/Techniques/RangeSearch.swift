import SwiftletGraph
import SwiftletRuntime

/// Cross-validated ranges: one factor for all the ranges of a tensor, chosen on pictures that did not set them.
///
/// Two folds: ranges from one half of the pictures, the quantization error (relative to each channel's variance) on the other half. Early
/// layers choose 0.9 to 1.0, late ones 1.25 to 2: min-max ranges of a few hundred pictures are too narrow there.
struct RangeSearch: Sendable {
    static let factors: [Float] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0]
    /// How many positions are sampled, over all pictures.
    static let positions = 60_000

    let settings: QuantizationSettings
    let threads: Int

    /// - Returns: the factor; 1 where there is one picture, or nothing tells the factors apart.
    func run(_ measured: MeasuredOutput) -> Float {
        let (output, ranges) = (measured.output, measured.ranges)
        let (pictures, channels) = (ranges.pictures, output.tensor.channels)
        guard pictures >= 2 else { return 1 }
        var generator = SplitMix64(seed: settings.seed, stream: measured.stream)
        let positions = generator.sample(max(1, Self.positions / pictures), of: output.tensor.height * output.tensor.width)
        let starts = positions.map { $0 * channels }
        let folds = [0, 1].map { fold in ranges.ends(perChannel: output.isPerChannel) { $0 % 2 != fold } }
        let errors = SharedArray(repeating: 0.0, count: Self.factors.count * channels)

        parallel(channels, threads: threads) { part in
            for fold in 0..<2 {
                let judges = Array(stride(from: fold, to: pictures, by: 2))
                let sample = SampledChannels(values: measured.values, pictures: judges, starts: starts, channels: part)
                let variance = output.isPerChannel ? sample.variances(folds[fold]) : [Double](repeating: 1, count: part.count)
                for (j, factor) in Self.factors.enumerated() {
                    let noise = sample.noise(of: Self.steps(part.map { folds[fold][$0].scaled(by: factor, within: output.useful) }))
                    for (i, c) in part.enumerated() { errors[j * channels + c] += noise[i] / Double(sample.count) / variance[i] }
                }
            }
        }
        // Channels are added in order, so that the sum does not depend on how they were shared out.
        let totals = Self.factors.indices.map { j in (0..<channels).reduce(0.0) { $0 + errors[j * channels + $1] } }
        var best = Self.factors.firstIndex(of: 1)!
        for j in totals.indices where totals[j] < totals[best] { best = j }
        return Self.factors[best]
    }

    /// A grid for each range. One that is empty, the other fold's values being 0 throughout, gets steps so small that all is cut off.
    private static func steps(_ ranges: [Interval]) -> GridSteps {
        let pairs = ranges.map { $0.high > $0.low ? Grid.pair(low: $0.low, high: $0.high) : (scale: 1e-8, zero: 0) }
        return GridSteps(scales: pairs.map(\.scale), zeros: pairs.map(\.zero))
    }
}
