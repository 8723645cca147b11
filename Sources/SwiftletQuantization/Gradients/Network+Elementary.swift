import SwiftletGraph

extension Network {
    /// The same network with everything that is fused split off again: linear convolutions without residuals, additions without
    /// activations. Tensors that were given keep their numbers.
    func elementary() -> Network {
        var result = self
        result.layers = []
        for layer in layers {
            var inputs = layer.inputs
            var parts: [SwiftletGraph.Operation] = []
            let ending: Activation
            switch layer.operation {
            case .convolution(var convolution):
                ending = convolution.activation
                convolution.activation = .none
                parts.append(.convolution(convolution))
                if inputs.count > 1 { parts.append(.add(.none)) }
            case .add(let activation):
                ending = activation
                parts.append(.add(.none))
            default:
                ending = .none
                parts.append(layer.operation)
            }
            if ending != .none { parts.append(.activation(ending)) }
            for (index, part) in parts.enumerated() {
                var output = layer.output
                if index < parts.count - 1 {
                    output = result.tensors.count
                    result.tensors.append(tensors[layer.output])
                }
                let taken = part.inputs(of: inputs.count)
                result.layers.append(Layer(name: layer.name, operation: part, inputs: Array(inputs[..<taken]), output: output))
                inputs = [output] + inputs[taken...]
            }
        }
        return result
    }
}

extension SwiftletGraph.Operation {
    /// How many of `available` inputs an elementary operation takes.
    fileprivate func inputs(of available: Int) -> Int {
        switch self {
        case .convolution, .globalAveragePool, .pool, .activation, .resample: 1
        case .multiply, .add: 2
        case .concatenate: available
        }
    }
}
