import SwiftletArchitectures
import SwiftletGraph
import SwiftletRuntime

/// Builds a `Network` while an architecture is walked.
struct NetworkAssembly<Source: LayerParameterSource>: ArchitectureVisitor {
    struct Map {
        let tensor: Int
        let knowledge: Source.Knowledge
    }

    private(set) var network: Network
    private(set) var source: Source

    init(name: String, source: Source) {
        network = Network(name: name)
        self.source = source
    }

    mutating func input(size: Int) -> Map {
        network.input = add(Tensor(name: "input", height: size, width: size, channels: 3))
        return Map(tensor: network.input, knowledge: source.picture)
    }

    mutating func finish(output: Map) {
        network.output = output.tensor
    }

    mutating func convolution(_ layer: ArchitectureLayer, _ x: Map, residual: Map?) -> Map {
        let (parameters, knowledge) = source.parameters(for: layer, input: x.knowledge, residual: residual?.knowledge)
        var convolution = Convolution(
            window: Window(layer), groups: layer.groups, weights: parameters.weights, bias: parameters.bias,
            activation: Activation(layer.activation))
        if let normalization = parameters.normalization { convolution = convolution.followed(by: normalization) }
        let tensor = append(
            layer.role.name, .convolution(convolution), [x.tensor] + (residual.map { [$0.tensor] } ?? []), size: layer.outputSize,
            channels: layer.outputs)
        return Map(tensor: tensor, knowledge: knowledge)
    }

    mutating func globalPool(_ x: Map, name: String, channels: Int, size: Int) -> Map {
        let tensor = append(name, .globalAveragePool, [x.tensor], size: 1, channels: channels)
        return Map(tensor: tensor, knowledge: source.pooled(x.knowledge))
    }

    mutating func multiply(_ x: Map, gate: Map, name: String, channels: Int, size: Int) -> Map {
        let tensor = append(name, .multiply, [x.tensor, gate.tensor], size: size, channels: channels)
        return Map(tensor: tensor, knowledge: source.gated(x.knowledge, by: gate.knowledge))
    }

    private mutating func append(_ name: String, _ operation: Operation, _ inputs: [Int], size: Int, channels: Int) -> Int {
        let output = add(Tensor(name: name, height: size, width: size, channels: channels))
        network.layers.append(Layer(name: name, operation: operation, inputs: inputs, output: output))
        return output
    }

    private mutating func add(_ tensor: Tensor) -> Int {
        network.tensors.append(tensor)
        return network.tensors.count - 1
    }
}

extension Window {
    fileprivate init(_ layer: ArchitectureLayer) {
        self.init()
        kernelHeight = layer.kernel
        kernelWidth = layer.kernel
        strideHeight = layer.stride
        strideWidth = layer.stride
        padTop = layer.padTop
        padLeft = layer.padLeft
        padBottom = layer.padBottom
        padRight = layer.padRight
    }
}

extension Activation {
    fileprivate init(_ activation: LayerActivation) {
        switch activation {
        case .linear: self = .none
        case .relu: self = .relu
        case .relu6: self = .clip(low: 0, high: 6)
        case .hardSwish: self = .hardSwish
        case .hardSigmoid(let slope, let offset): self = .hardSigmoid(slope: slope, offset: offset)
        }
    }
}
