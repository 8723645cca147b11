import CKernels
import SwiftletGraph

/// Smallest and largest FP32 value of each channel in each picture.
struct ObservedRanges: Sendable {
    let pictures: Int
    let channels: Int
    /// [picture][channel]
    private let low: SharedArray<Float>
    private let high: SharedArray<Float>

    init(pictures: Int, channels: Int) {
        self.pictures = pictures
        self.channels = channels
        low = SharedArray(repeating: .infinity, count: pictures * channels)
        high = SharedArray(repeating: -.infinity, count: pictures * channels)
    }

    /// - Returns: nil when a value is not finite.
    init?(of values: PictureTensor, tensor: Tensor, pictures: Int, threads: Int) {
        self.init(pictures: pictures, channels: tensor.channels)
        let (ranges, broken) = (self, SharedArray(repeating: false, count: pictures))
        parallel(pictures, threads: threads) { range in
            for picture in range {
                broken[picture] = !ranges.record(picture, values.floats(picture), count: tensor.count)
                values.release(picture)
            }
        }
        if broken.values.contains(true) { return nil }
    }

    /// Pictures may come from several threads.
    /// - Parameter x: one picture's values, [position][channel].
    /// - Returns: whether they are finite.
    func record(_ picture: Int, _ x: UnsafePointer<Float>, count: Int) -> Bool {
        let (l, h) = (low.pointer(picture * channels), high.pointer(picture * channels))
        var zero: Float = 0  // becomes NaN with the first value that is not finite
        for start in stride(from: 0, to: count, by: channels) {
            for c in 0..<channels {
                let value = x[start + c]
                l[c] = value < l[c] ? value : l[c]
                h[c] = value > h[c] ? value : h[c]
            }
        }
        for i in 0..<count { zero += x[i] * 0 }
        return zero == 0
    }

    /// Each channel's ends over the pictures that `include` takes, widened to hold 0. One pair: over all channels, repeated.
    func ends(perChannel: Bool, including include: (Int) -> Bool = { _ in true }) -> (low: [Float], high: [Float]) {
        var low = [Float](repeating: 0, count: channels)
        var high = low
        for picture in 0..<pictures where include(picture) {
            for c in 0..<channels {
                low[c] = min(low[c], self.low[picture * channels + c])
                high[c] = max(high[c], self.high[picture * channels + c])
            }
        }
        if !perChannel {
            low = Array(repeating: low.min() ?? 0, count: channels)
            high = Array(repeating: high.max() ?? 0, count: channels)
        }
        return (low, high)
    }

    /// Smallest and largest value of all.
    var extremes: (low: Float, high: Float) {
        (low.values.min() ?? 0, high.values.max() ?? 0)
    }
}

/// Signal and noise of quantized activations against the FP32 ones, summed over pictures.
struct NoiseMeter: Sendable {
    /// - Returns: SQNR in decibels; nil when there is no signal or no noise.
    static func sqnr(
        of values: QuantizedValues, against full: PictureTensor, tensor: Tensor, pictures: Int, threads: Int
    ) -> Double? {
        let channels = tensor.channels
        let signal = SharedArray(repeating: 0.0, count: pictures)
        let noise = SharedArray(repeating: 0.0, count: pictures)
        parallel(pictures, threads: threads) { range in
            let real = AlignedBuffer(bytes: tensor.count * 4)
            for picture in range {
                let wanted = full.floats(picture)
                let got = values.real(picture, tensor: tensor, into: real)
                var (s, e) = (0.0, 0.0)
                for start in stride(from: 0, to: tensor.count, by: channels) {
                    var (rowSignal, rowNoise) = (Float(0), Float(0))
                    for c in start..<start + channels {
                        let difference = wanted[c] - got[c]
                        rowSignal += wanted[c] * wanted[c]
                        rowNoise += difference * difference
                    }
                    s += Double(rowSignal)
                    e += Double(rowNoise)
                }
                signal[picture] = s
                noise[picture] = e
                full.release(picture)
                values.release(picture)
            }
        }
        let (s, e) = (signal.values.reduce(0, +), noise.values.reduce(0, +))
        return s > 0 && e > 0 ? decibels(s / e) : nil
    }
}
