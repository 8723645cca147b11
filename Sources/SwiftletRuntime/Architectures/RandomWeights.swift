/// Seeded random weights, batch normalisation left out, that keep activations of order one and different from picture to picture.
///
/// He initialisation (He et al. 2015) with two changes that deep networks without normalisation need. The moments of every map are carried
/// along instead of taken to be those after a ReLU, and every output's weights have the mean 0 (as in Qiao et al. 2019, "Weight
/// standardization") and exactly the length that was aimed at. Otherwise what all channels have in common, the positive mean after
/// an activation, grows from layer to layer until all pictures have the same logits.
///
/// The same seed gives the same weights on every machine.
public struct RandomWeights: Sendable {
    private var generator: SplitMix64

    public init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
    }

    /// The next layer's parameters.
    /// - Parameter input: the moments of the layer's input.
    /// - Returns: weights [outputs][kernel][kernel][inputs / groups] and bias [outputs]; both exist whatever `layer` says of its bias, as
    ///   they do when batch normalisation has been folded.
    public mutating func parameters(for layer: ArchitectureLayer, input: ActivationMoments) -> (weights: [Float], bias: [Float]) {
        // A depthwise filter of mean 0 would leave nothing but edges for global pooling.
        let isCentred = layer.inputsPerGroup > 1
        let target = Self.preactivationDeviation(layer.role) / (isCentred ? input.variance : input.meanSquare).squareRoot()
        let fanIn = layer.weightCount / layer.outputs
        var weights = [Float]()
        weights.reserveCapacity(layer.weightCount)
        for _ in 0..<layer.outputs {
            appendFilter(fanIn, length: target, isCentred: isCentred, to: &weights)
        }
        var bias = [Float]()
        bias.reserveCapacity(layer.outputs)
        for _ in 0..<layer.outputs { bias.append(generator.nextNormal() * Self.biasDeviation) }
        return (weights, bias)
    }

    private mutating func appendFilter(_ count: Int, length: Float, isCentred: Bool, to weights: inout [Float]) {
        let start = weights.count
        var sum: Float = 0
        var squares: Float = 0
        for _ in 0..<count {
            let value = generator.nextNormal()
            sum += value
            squares += value * value
            weights.append(value)
        }
        let mean = isCentred ? sum / Float(count) : 0
        let factor = length / max(squares - mean * sum, 1e-6).squareRoot()
        for i in start..<weights.count { weights[i] = (weights[i] - mean) * factor }
    }

    private static let biasDeviation: Float = 0.1

    /// Logits spread more widely, so that one class stands out.
    private static func preactivationDeviation(_ role: LayerRole) -> Float {
        role == .classifier ? 3 : 1
    }
}

/// What a map's values are like over pictures, positions and channels.
public struct ActivationMoments: Sendable {
    public var meanSquare: Float
    public var variance: Float

    /// A normalised picture.
    public static let picture = ActivationMoments(meanSquare: 1, variance: 1)

    /// A layer's output where the values before the activation are normally distributed with variance 1.
    public static func after(_ layer: ArchitectureLayer, residual: ActivationMoments?) -> ActivationMoments {
        switch layer.activation {
        case .linear:
            ActivationMoments(meanSquare: 1 + (residual?.meanSquare ?? 0), variance: 1 + (residual?.variance ?? 0))
        case .relu, .relu6: ActivationMoments(meanSquare: 0.5, variance: 0.34)
        case .hardSwish: ActivationMoments(meanSquare: 0.33, variance: 0.3)
        case .hardSigmoid: ActivationMoments(meanSquare: 0.28, variance: 0.03)
        }
    }

    /// The means over positions: what a channel's positions have in common remains.
    public var pooled: ActivationMoments {
        ActivationMoments(meanSquare: meanSquare / 2, variance: variance / 2)
    }

    public func gated(by gate: ActivationMoments) -> ActivationMoments {
        ActivationMoments(meanSquare: meanSquare * gate.meanSquare, variance: variance * gate.meanSquare)
    }
}
