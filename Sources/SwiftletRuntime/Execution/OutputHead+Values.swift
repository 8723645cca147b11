extension OutputHead {
    /// How many values the source model gives for a vector of so many.
    package func count(of channels: Int) -> Int { self == .argMax ? 1 : channels }

    /// What the source model gives for a picture's vector. A top-k's values are all there, in the order of their classes: how many it gives
    /// is not in the file.
    package func values(_ vector: UnsafeBufferPointer<Float>) -> [Float] {
        switch self {
        case .none, .topK: return Array(vector)
        case .softmax, .sigmoid: return Probabilities(vector, self).values.map { Float($0) }
        case .logSoftmax:
            let softmax = Softmax(vector)
            let sum = softmax.largest + OutputHead.logarithm(softmax.sum)
            return vector.map { Float(Double($0) - sum) }
        case .argMax: return [Float(Probabilities(vector, self).top(1)[0])]
        }
    }

    /// ln(x) for x >= 1: that of its power of two, and the series of 2 artanh((m - 1) / (m + 1)), 1 <= m < 2.
    private static func logarithm(_ x: Double) -> Double {
        let ratio = (x.significand - 1) / (x.significand + 1)
        var (power, sum) = (ratio, 0.0)
        for k in 0..<20 {
            sum += power / Double(2 * k + 1)
            power *= ratio * ratio
        }
        return Double(x.exponent) * 0.693147180559945309417 + 2 * sum
    }
}
