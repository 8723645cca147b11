import SwiftletArchitectures
import SwiftletGraph
import SwiftletRuntime

/// A layer's numbers, as `Convolution` wants them.
struct LayerParameters {
    /// [outputs][kernel][kernel][inputs / groups]
    var weights: [Float]
    /// [outputs]
    var bias: [Float]
    /// Of the sums of products and bias, before the activation; nil when it is folded already, or there is none.
    var normalization: Affine?
}

/// Where a network's numbers come from, layer by layer in the order of the walk.
protocol LayerParameterSource {
    /// What the source knows of a map, to make the parameters of the layers that read it.
    associatedtype Knowledge

    var picture: Knowledge { get }
    mutating func parameters(
        for layer: ArchitectureLayer, input: Knowledge, residual: Knowledge?
    ) -> (parameters: LayerParameters, output: Knowledge)
    func pooled(_ x: Knowledge) -> Knowledge
    func gated(_ x: Knowledge, by gate: Knowledge) -> Knowledge
}

struct RandomParameters: LayerParameterSource {
    private var weights: RandomWeights

    init(seed: UInt64) {
        weights = RandomWeights(seed: seed)
    }

    var picture: ChannelMoments { .picture }

    mutating func parameters(
        for layer: ArchitectureLayer, input: ChannelMoments, residual: ChannelMoments?
    ) -> (parameters: LayerParameters, output: ChannelMoments) {
        let (weights, bias, output) = weights.parameters(for: layer, input: input, residual: residual)
        return (LayerParameters(weights: weights, bias: bias), output)
    }

    func pooled(_ x: ChannelMoments) -> ChannelMoments { x.pooled }

    func gated(_ x: ChannelMoments, by gate: ChannelMoments) -> ChannelMoments { x.gated(by: gate) }
}
