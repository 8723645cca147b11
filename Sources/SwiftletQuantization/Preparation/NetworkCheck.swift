import SwiftletGraph
import SwiftletRuntime

extension Network {
    /// Checks what kernels rely on: shapes that fit each other, and finite parameters.
    /// - Throws: `QuantizationError` naming the layer.
    package func check() throws {
        guard tensors.count <= Ceilings.tensors else {
            throw QuantizationError("\(tensors.count) tensors, but a .slet file has \(Ceilings.tensors) at most")
        }
        guard (1...Bounds.largestOutputs).contains(outputs.count) else {
            throw QuantizationError("\(outputs.count) outputs, but a .slet file has 1 to \(Bounds.largestOutputs)")
        }
        let written = Set(layers.map(\.output))
        for output in outputs {
            guard written.contains(output.tensor), tensors.indices.contains(output.tensor) else {
                throw QuantizationError("no layer computes the output '\(output.name)'")
            }
            guard output.head == .none || tensors[output.tensor].isVector else {
                throw QuantizationError("the output '\(output.name)' is a map with a classifier's head")
            }
        }
        for layer in layers { try NetworkCheck(network: self).run(layer) }
    }
}

private struct NetworkCheck {
    let network: Network

    func run(_ layer: Layer) throws {
        func require(_ holds: Bool, _ what: String) throws {
            if !holds { throw QuantizationError(layer: layer.name, what) }
        }
        try require((layer.inputs + [layer.output]).allSatisfy(network.tensors.indices.contains), "names a tensor that does not exist")
        let inputs = layer.inputs.map { network.tensors[$0] }
        let output = network.tensors[layer.output]
        func sameShape(_ a: Tensor, _ b: Tensor) -> Bool { a.height == b.height && a.width == b.width && a.channels == b.channels }
        func fits(_ window: Window) -> Bool {
            window.outputSize(height: inputs[0].height, width: inputs[0].width).map { $0 == (output.height, output.width) } ?? false
        }

        switch layer.operation.activation {
        case .clip(let low, let high): try require(low <= high, "its clip has no interval")
        case .hardSigmoid(let slope, let offset):
            try require(slope.isNormal && offset.isFinite, "the slope of its hard-sigmoid is 0, or it is not finite")
        case .leakyRelu(let value), .elu(let value), .thresholdedRelu(let value):
            try require(value.isFinite, "its activation's constant is not finite")
        case .none, .relu, .hardSwish, .sigmoid, .swish, .tanh, .softplus, .mish, .gelu, .geluTanh: break
        }
        switch layer.operation {
        case .convolution(let c):
            try require(inputs.count == 1 || inputs.count == 2, "wrong number of inputs")
            try require(c.outputs == output.channels && c.groups >= 1 && c.outputs % c.groups == 0, "wrong number of output channels")
            let kernel = c.window.kernelHeight * c.window.kernelWidth
            try require(c.weights.count == c.outputs * kernel * (inputs[0].channels / c.groups), "wrong number of weights")
            try require(inputs[0].channels % c.groups == 0 && fits(c.window), "the window does not fit its input and output")
            try require(inputs.count == 1 || sameShape(inputs[1], output), "the residual has another shape than the output")
            try require(c.weights.allSatisfy(\.isFinite) && c.bias.allSatisfy(\.isFinite), "weights or bias are not finite")
        case .globalAveragePool:
            try require(inputs.count == 1 && inputs[0].channels == output.channels && output.isVector, "wrong shapes")
        case .pool(let pool):
            try require(inputs.count == 1 && inputs[0].channels == output.channels && fits(pool.window), "wrong shapes")
        case .multiply, .add:
            try require(inputs.count == 2 && sameShape(inputs[0], output), "wrong shapes")
            try require(
                sameShape(inputs[1], output) || inputs[1].isVector && inputs[1].channels == output.channels,
                "the second input has neither the first one's shape nor one value a channel")
        case .activation:
            try require(inputs.count == 1 && sameShape(inputs[0], output), "wrong shapes")
        case .concatenate(let selecting):
            let channels = inputs.reduce(0) { $0 + $1.channels }
            if let selecting {
                try require(!inputs.isEmpty && selecting.count == output.channels, "wrong number of channels")
                try require(channels <= 1 << 16 && selecting.allSatisfy((0..<channels).contains), "selects channels that are not there")
            } else {
                try require(inputs.count >= 2 && channels == output.channels, "wrong number of channels")
            }
            try require(inputs.allSatisfy { $0.height == output.height && $0.width == output.width }, "inputs of different height or width")
        case .resample(let rows, let columns):
            try require(inputs.count == 1 && inputs[0].channels == output.channels, "wrong shapes")
            try require(rows.count == output.height && columns.count == output.width, "wrong number of rows or columns")
            let isThere = rows.allSatisfy((0..<inputs[0].height).contains) && columns.allSatisfy((0..<inputs[0].width).contains)
            try require(isThere && max(inputs[0].height, inputs[0].width) <= 1 << 16, "takes rows or columns that are not there")
        }
    }
}
