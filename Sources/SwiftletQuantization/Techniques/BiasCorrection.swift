import SwiftletGraph
import SwiftletRuntime

/// What to add to a convolution's bias so that the quantized layer's output is centered on the FP32 one.
///
/// The plain mean is dominated by values that hard-swish or ReLU flatten; weighing each output by the squared slope of its activation (the
/// mean of the slopes at the wanted and at the corrected value) lets only those count that reach the next layer.
struct BiasCorrection: Sendable {
    /// Positions sampled over all pictures where outputs are weighed.
    static let positions = 30_000

    let channels: Int
    let pictures: Int
    /// Where the positions start in a picture's values; all pictures use the same.
    let starts: [Int]
    private let slope: Slope?
    /// Without slope: [picture][channel], the sum of wanted - got.
    private let differences: SharedArray<Double>
    /// With slope: [picture][start][channel].
    private let wanted: SharedArray<Float>
    private let got: SharedArray<Float>

    /// - Parameter slope: nil: the plain mean, over all positions.
    init(tensor: Tensor, pictures: Int, slope: Slope?, seed: UInt64, stream: Int) {
        channels = tensor.channels
        self.pictures = pictures
        self.slope = slope
        let positions = tensor.height * tensor.width
        var generator = SplitMix64(seed: seed, stream: stream)
        let chosen = slope == nil ? Array(0..<positions) : generator.sample(max(1, Self.positions / pictures), of: positions)
        starts = chosen.map { $0 * tensor.channels }
        let samples = slope == nil ? 0 : pictures * starts.count * channels
        differences = SharedArray(repeating: 0, count: slope == nil ? pictures * channels : 0)
        wanted = SharedArray(repeating: 0, count: samples)
        got = SharedArray(repeating: 0, count: samples)
    }

    /// Records a picture: the convolution's outputs before the activation. Pictures may come from several threads.
    /// - Parameters:
    ///   - got: integer accumulators as floats; the real value is got * step + bias.
    ///   - residuals: what is added before the activation, in the FP32 and in the quantized network. Where outputs are weighed, it counts.
    func record(
        picture: Int, wanted: UnsafePointer<Float>, got: UnsafePointer<Float>, step: [Float], bias: [Float],
        residuals: (full: UnsafePointer<Float>, quantized: UnsafePointer<Float>)?
    ) {
        step.withUnsafeBufferPointer { step in
            bias.withUnsafeBufferPointer { bias in
                guard slope != nil else {
                    let sums = differences.pointer(picture * channels)
                    for start in starts {
                        for c in 0..<channels { sums[c] += Double(wanted[start + c] - (got[start + c] * step[c] + bias[c])) }
                    }
                    return
                }
                var at = picture * starts.count * channels
                for start in starts {
                    let (a, b) = (self.wanted.pointer(at), self.got.pointer(at))
                    for c in 0..<channels {
                        a[c] = wanted[start + c]
                        b[c] = got[start + c] * step[c] + bias[c]
                    }
                    if let residuals {
                        for c in 0..<channels {
                            a[c] += residuals.full[start + c]
                            b[c] += residuals.quantized[start + c]
                        }
                    }
                    at += channels
                }
            }
        }
    }

    /// After all pictures: [channel].
    func shifts(threads: Int) -> [Float] {
        guard let slope else {
            return (0..<channels).map { c in
                let sum = (0..<pictures).reduce(0.0) { $0 + differences[$1 * channels + c] }
                return Float(sum / Double(pictures * starts.count))
            }
        }
        let result = SharedArray<Float>(repeating: 0, count: channels)
        parallel(channels, threads: threads) { part in
            let shift = result.pointer(part.lowerBound)
            for _ in 0..<2 {
                var (moved, weights) = ([Double](repeating: 0, count: part.count), [Double](repeating: 0, count: part.count))
                moved.withUnsafeMutableBufferPointer { moved in
                    weights.withUnsafeMutableBufferPointer { weights in
                        for row in 0..<pictures * starts.count {
                            let (a, b) = (wanted.pointer(row * channels + part.lowerBound), got.pointer(row * channels + part.lowerBound))
                            for i in 0..<part.count {
                                let mean = 0.5 * (slope(a[i]) + slope(b[i] + shift[i]))
                                let weight = mean * mean + slope.floor
                                moved[i] += Double((a[i] - b[i]) * weight)
                                weights[i] += Double(weight)
                            }
                        }
                    }
                }
                for i in 0..<part.count { shift[i] = Float(moved[i] / weights[i]) }
            }
        }
        return Array(result.values)
    }
}
