/// Runs a network in single precision, one picture at a time, with sums in double precision: the oracle that faster code is held against.
/// It is written for reading, and slow.
package struct ReferenceExecutor: Sendable {
    package let network: Network

    package init(_ network: Network) {
        self.network = network
    }

    /// - Parameter input: one picture, [height][width][channels] of the network's input.
    /// - Returns: the network's output, in the same order.
    package func run(_ input: [Float]) -> [Float] {
        tensors(for: input)[network.output]
    }

    /// As `run`, but returns every tensor, indexed like `network.tensors`.
    package func tensors(for input: [Float]) -> [[Float]] {
        precondition(input.count == network.tensors[network.input].count, "the input has another size than the network's")
        var values = [[Float]](repeating: [], count: network.tensors.count)
        values[network.input] = input
        for layer in network.layers {
            values[layer.output] = compute(layer, layer.inputs.map { values[$0] })
        }
        return values
    }

    private func compute(_ layer: Layer, _ inputs: [[Float]]) -> [Float] {
        let shape = network.tensors[layer.inputs[0]]
        let output = network.tensors[layer.output]
        switch layer.operation {
        case .convolution(let convolution):
            return convolve(convolution, inputs[0], shape, residual: inputs.count > 1 ? inputs[1] : nil, output)
        case .globalAveragePool:
            return (0..<shape.channels).map { channel in
                let sum = stride(from: channel, to: shape.count, by: shape.channels).reduce(0.0) { $0 + Double(inputs[0][$1]) }
                return Float(sum / Double(shape.height * shape.width))
            }
        case .pool(let settings):
            return pool(settings, inputs[0], shape, output)
        case .multiply:
            return combine(inputs[0], inputs[1]) { $0 * $1 }
        case .add(let activation):
            return combine(inputs[0], inputs[1]) { activation.apply($0 + $1) }
        case .activation(let activation):
            return inputs[0].map { Float(activation.apply(Double($0))) }
        case .concatenate(let selecting):
            let channels = layer.inputs.map { network.tensors[$0].channels }
            let joined = channels.reduce(0, +)
            return (0..<output.height * output.width).flatMap { position in
                let values = zip(inputs, channels).flatMap { $0[position * $1..<(position + 1) * $1] }
                return (selecting ?? Array(0..<joined)).map { values[$0] }
            }
        case .resample(let rows, let columns):
            return rows.flatMap { row in
                columns.flatMap { inputs[0][((row * shape.width + $0) * shape.channels)...].prefix(shape.channels) }
            }
        }
    }

    /// `y` may be a vector of the channels of `x`, which vary fastest.
    private func combine(_ x: [Float], _ y: [Float], _ operation: (Double, Double) -> Double) -> [Float] {
        x.indices.map { Float(operation(Double(x[$0]), Double(y[$0 % y.count]))) }
    }

    private func convolve(_ c: Convolution, _ input: [Float], _ shape: Tensor, residual: [Float]?, _ output: Tensor) -> [Float] {
        let w = c.window
        let perGroup = c.inputsPerGroup
        let outputsPerGroup = c.outputs / c.groups
        return [Float](unsafeUninitializedCapacity: output.count) { result, count in
            input.withUnsafeBufferPointer { input in
                c.weights.withUnsafeBufferPointer { weights in
                    var index = 0
                    for y in 0..<output.height {
                        for x in 0..<output.width {
                            for o in 0..<c.outputs {
                                var sum = Double(c.bias[o])
                                for ky in 0..<w.kernelHeight {
                                    let row = y * w.strideHeight + ky * w.dilationHeight - w.padTop
                                    guard row >= 0, row < shape.height else { continue }
                                    for kx in 0..<w.kernelWidth {
                                        let column = x * w.strideWidth + kx * w.dilationWidth - w.padLeft
                                        guard column >= 0, column < shape.width else { continue }
                                        let from = (row * shape.width + column) * shape.channels + o / outputsPerGroup * perGroup
                                        let weight = ((o * w.kernelHeight + ky) * w.kernelWidth + kx) * perGroup
                                        var i = 0
                                        while i < perGroup {
                                            sum += Double(input[from &+ i]) * Double(weights[weight &+ i])
                                            i &+= 1
                                        }
                                    }
                                }
                                if let residual { sum += Double(residual[index]) }
                                result[index] = Float(c.activation.apply(sum))
                                index += 1
                            }
                        }
                    }
                }
            }
            count = output.count
        }
    }

    private func pool(_ settings: Pool, _ input: [Float], _ shape: Tensor, _ output: Tensor) -> [Float] {
        let w = settings.window
        var result: [Float] = []
        for y in 0..<output.height {
            for x in 0..<output.width {
                for channel in 0..<shape.channels {
                    var inside: [Double] = []
                    for ky in 0..<w.kernelHeight {
                        for kx in 0..<w.kernelWidth {
                            let row = y * w.strideHeight + ky * w.dilationHeight - w.padTop
                            let column = x * w.strideWidth + kx * w.dilationWidth - w.padLeft
                            guard row >= 0, row < shape.height, column >= 0, column < shape.width else { continue }
                            inside.append(Double(input[(row * shape.width + column) * shape.channels + channel]))
                        }
                    }
                    switch settings.kind {
                    case .max:
                        result.append(Float(inside.max() ?? -.infinity))
                    case .average:
                        let divisor = settings.countsPadding ? w.kernelHeight * w.kernelWidth : inside.count
                        result.append(Float(inside.reduce(0, +) / Double(divisor)))
                    }
                }
            }
        }
        return result
    }
}
