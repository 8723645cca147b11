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
    init?(of values: PictureTensor, tensor: Tensor, threads: Int) {
        let pictures = values.pictures
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
    func ends(perChannel: Bool, including include: (Int) -> Bool = { _ in true }) -> ChannelRanges {
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
        return ChannelRanges(low: low, high: high)
    }

    /// Smallest and largest value of all.
    var extremes: Interval {
        Interval(low: low.values.min() ?? 0, high: high.values.max() ?? 0)
    }
}
