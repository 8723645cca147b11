import SwiftletRuntime

/// A fused layer's numbers, as `Convolution` wants them.
struct LayerParameters {
    /// [outputs][kernel][kernel][inputs / groups]
    var weights: [Float]
    /// [outputs]
    var bias: [Float]
}

/// Where a network's numbers come from, layer by layer in the order of the walk.
protocol LayerParameterSource {
    /// - Parameter input: what `RandomWeights` takes the moments of the layer's input to be.
    mutating func parameters(for layer: ArchitectureLayer, input: ActivationMoments) -> LayerParameters
}

struct RandomParameters: LayerParameterSource {
    private var weights: RandomWeights

    init(seed: UInt64) {
        weights = RandomWeights(seed: seed)
    }

    mutating func parameters(for layer: ArchitectureLayer, input: ActivationMoments) -> LayerParameters {
        let (weights, bias) = weights.parameters(for: layer, input: input)
        return LayerParameters(weights: weights, bias: bias)
    }
}
