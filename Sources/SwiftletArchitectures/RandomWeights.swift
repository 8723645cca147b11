import SwiftletRuntime

/// Seeded random weights with which a network behaves as a trained one does: activations are of order one in every layer, and pictures
/// have different logits.
///
/// Weights of the right size alone (He initialization) do not do it: without normalization, what all pictures have in common grows from
/// layer to layer until it is all that is left. So each output channel is normalized, as batch normalization would, by the mean and
/// variance that `ChannelMoments` predicts for it. The normalization is in the weights and biases that come out.
///
/// The same seed gives the same weights on every machine.
package struct RandomWeights: Sendable {
    private var generator: SplitMix64

    package init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// The next layer's parameters.
    /// - Parameters:
    ///   - input: of the layer's input.
    ///   - residual: of what is added before the activation.
    /// - Returns: weights [outputs][kernel][kernel][inputs / groups]; bias [outputs], whatever `layer` says of its bias; the moments of
    ///   the layer's output.
    package mutating func parameters(
        for layer: ArchitectureLayer, input: ChannelMoments, residual: ChannelMoments? = nil
    ) -> (weights: [Float], bias: [Float], output: ChannelMoments) {
        let deviation: Float = layer.role == .classifier ? Self.logitDeviation : 1
        let center = Self.center(layer.activation)
        let fanIn = layer.weightCount / layer.outputs
        let outputsPerGroup = layer.outputs / layer.groups
        var weights = [Float]()
        weights.reserveCapacity(layer.weightCount)
        var bias = [Float]()
        var sums = ChannelMoments(mean: [], variance: [])
        var filter = [Float](repeating: 0, count: fanIn)
        for output in 0..<layer.outputs {
            for i in 0..<fanIn { filter[i] = generator.nextNormal() }
            let firstInput = output / outputsPerGroup * layer.inputsPerGroup
            let (mean, variance) = Self.moments(of: filter, input, from: firstInput, inputs: layer.inputsPerGroup)
            let factor = deviation / max(variance, 1e-12).squareRoot()
            for i in 0..<fanIn { filter[i] *= factor }
            weights.append(contentsOf: filter)
            let target = center + generator.nextNormal() * Self.meanDeviation
            bias.append(target - mean * factor)
            sums.mean.append(target)
            sums.variance.append(deviation * deviation)
        }
        if let residual { sums = sums.adding(residual) }
        return (weights, bias, sums.after(layer.activation))
    }

    /// Of the filter's result, before any bias.
    private static func moments(
        of filter: [Float], _ input: ChannelMoments, from first: Int, inputs: Int
    ) -> (mean: Float, variance: Float) {
        var mean: Float = 0
        var variance: Float = 0
        if filter.count == inputs {  // 1x1, most weights by far
            for c in 0..<inputs {
                let weight = filter[c]
                mean += weight * input.mean[first + c]
                variance += weight * weight * input.variance[first + c]
            }
            return (mean, variance)
        }
        let correlation = ChannelMoments.neighborCorrelation
        for c in 0..<inputs {
            var sum: Float = 0
            var squares: Float = 0
            for i in stride(from: c, to: filter.count, by: inputs) {
                sum += filter[i]
                squares += filter[i] * filter[i]
            }
            mean += sum * input.mean[first + c]
            variance += (correlation * sum * sum + (1 - correlation) * squares) * input.variance[first + c]
        }
        return (mean, variance)
    }

    /// Where channels' means lie before the activation, on average. Around 0, hard-swish passes on a larger part of a larger variance,
    /// so that errors of the prediction would grow from layer to layer; at 1 it passes on a smaller part, as does a ReLU.
    private static func center(_ activation: LayerActivation) -> Float {
        switch activation {
        case .linear, .hardSigmoid: 0
        case .relu, .relu6, .hardSwish: 1
        }
    }

    private static let meanDeviation: Float = 0.3
    private static let logitDeviation: Float = 2
}
