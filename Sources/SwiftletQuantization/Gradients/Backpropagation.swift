import SwiftletGraph
import SwiftletRuntime

/// An FP32 network's tensors on one picture, and what they do to its logits: reverse-mode differentiation by the runtime's own float
/// kernels.
struct Backpropagation: Sendable {
    /// Elementary; the tensors of the network that was given keep their numbers.
    let network: Network
    fileprivate let kernels: [PackedOperator?]
    fileprivate let transposed: [TransposedConvolution?]

    /// - Returns: nil when the network holds an operator whose gradient is not known.
    init?(_ network: Network) {
        let network = network.elementary()
        var kernels: [PackedOperator?] = []
        var transposed: [TransposedConvolution?] = []
        for layer in network.layers {
            let (inputs, output) = (layer.inputs.map { network.tensors[$0] }, network.tensors[layer.output])
            var gradient: TransposedConvolution?
            if case .convolution(let convolution) = layer.operation {
                gradient = TransposedConvolution(convolution, input: inputs[0], output: output)
                guard gradient != nil else { return nil }
            }
            transposed.append(gradient)
            if layer.operation.copies {
                kernels.append(nil)
            } else {
                kernels.append(
                    PackedOperator(floatOperator(layer), inputs: inputs.map(TensorDescription.init), output: TensorDescription(output)))
            }
        }
        (self.network, self.kernels, self.transposed) = (network, kernels, transposed)
    }

    /// One thread's buffers.
    func makeWorker() -> Worker { Worker(self) }

    /// Used by one thread at a time.
    final class Worker: @unchecked Sendable {
        /// By tensor: values [position][channel] of the last picture, and the gradient of its last seed.
        private(set) var values: [AlignedBuffer] = []
        private(set) var gradients: [AlignedBuffer] = []
        private let plan: Backpropagation
        private let scratch: [AlignedBuffer?]
        private let transposedScratch: [TransposedConvolution.Scratch?]
        private let part: AlignedBuffer

        init(_ plan: Backpropagation) {
            self.plan = plan
            values = plan.network.tensors.map { AlignedBuffer(bytes: $0.count * 4) }
            gradients = plan.network.tensors.map { AlignedBuffer(bytes: $0.count * 4) }
            scratch = plan.kernels.map { $0?.makeScratch() }
            transposedScratch = plan.transposed.map { $0?.makeScratch() }
            part = AlignedBuffer(bytes: (plan.network.tensors.map(\.count).max() ?? 0) * 4)
        }

        /// Computes all tensors' values.
        func forward(_ picture: [Float]) {
            let network = plan.network
            values[network.input].floats.update(from: picture, count: picture.count)
            for (index, layer) in network.layers.enumerated() {
                if let kernel = plan.kernels[index] {
                    kernel.run(
                        values[layer.inputs[0]].base, layer.inputs.count > 1 ? values[layer.inputs[1]].base : nil,
                        into: values[layer.output].base,
                        scratch: scratch[index]!)
                } else {
                    network.forEachCopy(layer) { whole, part, count, input in
                        (values[layer.output].floats + whole).update(from: values[layer.inputs[input]].floats + part, count: count)
                    }
                }
            }
        }

        /// Computes all tensors' gradients of Σ seed * logits; `forward` comes first.
        func backward(_ seed: [Float]) {
            let network = plan.network
            for (tensor, gradient) in gradients.enumerated() {
                gradient.floats.initialize(repeating: 0, count: network.tensors[tensor].count)
            }
            gradients[network.output].floats.update(from: seed, count: seed.count)
            for index in network.layers.indices.reversed() where network.layers[index].inputs != [network.input] { propagate(index) }
        }

        /// Adds what a layer's output does to what its inputs do.
        private func propagate(_ index: Int) {
            let layer = plan.network.layers[index]
            let (x, output) = (plan.network.tensors[layer.inputs[0]], gradients[layer.output])
            let (dx, dy) = (gradients[layer.inputs[0]].floats, output.floats)
            switch layer.operation {
            case .convolution:
                plan.transposed[index]!.run(output, into: part, scratch: transposedScratch[index]!)
                for i in 0..<x.count { dx[i] += part.floats[i] }
            case .activation(let activation):
                let at = values[layer.inputs[0]].floats
                guard let slope = Slope(activation) else {
                    for i in 0..<x.count { dx[i] += dy[i] }
                    return
                }
                for i in 0..<x.count { dx[i] += dy[i] * slope(at[i]) }
            case .add:
                for i in 0..<x.count { dx[i] += dy[i] }
                forEachBroadcast(layer) { i, second in gradients[layer.inputs[1]].floats[second] += dy[i] }
            case .multiply:
                let (a, b, db) = (values[layer.inputs[0]].floats, values[layer.inputs[1]].floats, gradients[layer.inputs[1]].floats)
                forEachBroadcast(layer) { i, second in
                    dx[i] += dy[i] * b[second]
                    db[second] += dy[i] * a[i]
                }
            case .globalAveragePool:
                let share = 1 / Float(x.height * x.width)
                for start in stride(from: 0, to: x.count, by: x.channels) {
                    for c in 0..<x.channels { dx[start + c] += dy[c] * share }
                }
            case .pool(let pool):
                PoolGradient(pool, input: x, output: plan.network.tensors[layer.output]).add(dy, at: values[layer.inputs[0]].floats, to: dx)
            case .concatenate, .resample:
                plan.network.forEachCopy(layer) { whole, part, count, input in
                    let target = gradients[layer.inputs[input]].floats + part
                    for i in 0..<count { target[i] += dy[whole + i] }
                }
            }
        }

        /// Indices into a layer's first input and into its second, which is a map of the same shape or a vector.
        @inline(__always)
        private func forEachBroadcast(_ layer: Layer, _ body: (Int, Int) -> Void) {
            let (x, y) = (plan.network.tensors[layer.inputs[0]], plan.network.tensors[layer.inputs[1]])
            for start in stride(from: 0, to: x.count, by: x.channels) {
                let second = y.isVector ? 0 : start
                for c in 0..<x.channels { body(start + c, second + c) }
            }
        }
    }
}
