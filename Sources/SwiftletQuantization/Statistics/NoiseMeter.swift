import SwiftletGraph

/// Signal and noise of quantized activations against the FP32 ones, summed over pictures.
struct NoiseMeter: Sendable {
    /// - Returns: SQNR in decibels; nil when there is no signal or no noise.
    static func sqnr(
        of values: QuantizedValues, against full: PictureTensor, tensor: Tensor, threads: Int
    ) -> Double? {
        let (pictures, channels) = (full.pictures, tensor.channels)
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
