/// Batch normalisation at inference, y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, as y = x * factor + shift: one pair a
/// channel, in double precision, so that folding rounds each weight once.
public struct BatchNormFolding: Sendable {
    public let factor: [Double]
    public let shift: [Double]

    /// All arrays have one entry a channel.
    public init(gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Double) {
        precondition(beta.count == gamma.count && mean.count == gamma.count && variance.count == gamma.count)
        var factor = [Double]()
        var shift = [Double]()
        for c in gamma.indices {
            let f = Double(gamma[c]) / (Double(variance[c]) + epsilon).squareRoot()
            factor.append(f)
            shift.append(Double(beta[c]) - Double(mean[c]) * f)
        }
        self.factor = factor
        self.shift = shift
    }

    /// The convolution's parameters with the normalisation of its output in them.
    /// - Parameters:
    ///   - weights: output channels slowest; what follows is free.
    ///   - bias: one a channel, or empty for none.
    public func fold(weights: [Float], bias: [Float]) -> (weights: [Float], bias: [Float]) {
        precondition(weights.count % factor.count == 0 && (bias.isEmpty || bias.count == factor.count))
        let perChannel = weights.count / factor.count
        var folded = weights
        var foldedBias = [Float]()
        for c in factor.indices {
            for i in c * perChannel..<(c + 1) * perChannel { folded[i] = Float(Double(weights[i]) * factor[c]) }
            foldedBias.append(Float((bias.isEmpty ? 0 : Double(bias[c]) * factor[c]) + shift[c]))
        }
        return (folded, foldedBias)
    }
}
