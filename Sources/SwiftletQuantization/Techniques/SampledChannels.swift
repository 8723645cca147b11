/// Some channels of a tensor's FP32 values, at sampled positions of some pictures.
struct SampledChannels {
    let values: PictureTensor
    let pictures: [Int]
    /// Where the positions start in a picture's values; all pictures use the same.
    let starts: [Int]
    let channels: Range<Int>

    /// How many values a channel has.
    var count: Int { pictures.count * starts.count }

    /// By channel, the variance; infinite where the deviation is less than a step over the channel's range: the rounding error of a channel
    /// that is all but constant would outweigh all others', yet is a shift that the next bias correction takes away.
    func variances(_ ranges: ChannelRanges) -> [Double] {
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
        let count = Double(count)
        return channels.enumerated().map { i, c in
            let (mean, step) = (sum[i] / count, Double(ranges[c].width) / 255)
            let variance = max(1e-12, squares[i] / count - mean * mean)
            return variance < step * step ? .infinity : variance
        }
    }

    /// By channel, the sum of the squared errors of quantizing.
    /// - Parameter steps: grids of these channels.
    func noise(of steps: GridSteps) -> [Double] {
        let count = channels.count
        var noise = [Double](repeating: 0, count: count)
        var sums = [Float](repeating: 0, count: count)
        for picture in pictures {
            let x = values.floats(picture) + channels.lowerBound
            sums.withUnsafeMutableBufferPointer { sums in
                steps.withPointers { steps in
                    for start in starts {
                        for i in 0..<count {
                            let error = steps.error(x[start + i], i)
                            sums[i] += error * error
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
        return noise
    }
}
