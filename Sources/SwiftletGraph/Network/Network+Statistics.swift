/// What a layer costs, batch apart.
package struct LayerStatistics: Sendable, Equatable {
    package var name: String
    /// `convolution`, `depthwise`, `linear`, `global average pool`, `max pool`, `average pool`, `multiply`, `add`, `activation`,
    /// `concatenate`, `resample`.
    package var kind: String
    package var inputs: [Tensor]
    package var output: Tensor
    /// Multiply-accumulates of convolutions and linear layers; 0 for all else.
    package var macs: Int
    /// Weights and biases.
    package var parameters: Int
}

extension Network {
    /// One entry a layer, in order.
    package var statistics: [LayerStatistics] {
        layers.map { layer in
            let output = tensors[layer.output]
            var macs = 0
            var parameters = 0
            if case .convolution(let convolution) = layer.operation {
                macs = output.height * output.width * convolution.weights.count
                parameters = convolution.weights.count + convolution.bias.count
            }
            return LayerStatistics(
                name: layer.name, kind: kind(of: layer), inputs: layer.inputs.map { tensors[$0] }, output: output, macs: macs,
                parameters: parameters)
        }
    }

    /// Multiply-accumulates per picture.
    package var macs: Int { statistics.reduce(0) { $0 + $1.macs } }
    /// Weights and biases, batch normalization folded.
    package var parameters: Int { statistics.reduce(0) { $0 + $1.parameters } }

    private func kind(of layer: Layer) -> String {
        switch layer.operation {
        case .convolution(let convolution):
            if convolution.isDepthwise { return "depthwise" }
            return tensors[layer.inputs[0]].isVector && convolution.groups == 1 ? "linear" : "convolution"
        case .globalAveragePool: return "global average pool"
        case .pool(let pool): return pool.kind == .max ? "max pool" : "average pool"
        case .multiply: return "multiply"
        case .add: return "add"
        case .activation: return "activation"
        case .concatenate: return "concatenate"
        case .resample: return "resample"
        }
    }
}
