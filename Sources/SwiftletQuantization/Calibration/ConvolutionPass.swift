import CKernels
import SwiftletGraph
import SwiftletRuntime

/// A convolution in float, with FP32 weights on FP32 inputs and with integer weights on the quantized network's inputs, before and after
/// the activation.
struct ConvolutionPass: Sendable {
    private let linear: PackedOperator
    /// Residual and activation; nil when there is neither.
    private let ending: PackedOperator?
    /// Integer weights, no bias: exact sums, up to 2^24.
    private let integer: PackedOperator
    private let input: Tensor
    private let output: Tensor
    private let grid: Grid

    init(_ network: Network, _ layer: Layer, _ convolution: Convolution, _ weights: IntegerWeights, input grid: Grid) {
        (input, output, self.grid) = (network.tensors[layer.inputs[0]], network.tensors[layer.output], grid)
        let (x, y) = (TensorDescription(input), TensorDescription(output))
        var plain = convolution
        plain.activation = .none
        func pack(_ convolution: Convolution) -> PackedOperator {
            let layer = Layer(name: layer.name, operation: .convolution(convolution), inputs: [layer.inputs[0]], output: layer.output)
            return PackedOperator(floatOperator(layer), inputs: [x], output: y)
        }
        linear = pack(plain)
        plain.weights = weights.integers.map { Float($0) }
        plain.bias = Array(repeating: 0, count: convolution.outputs)
        integer = pack(plain)

        if layer.inputs.count > 1 {
            let add = Layer(name: layer.name, operation: .add(convolution.activation), inputs: [0, 1], output: 2)
            ending = PackedOperator(floatOperator(add), inputs: [y, y], output: y)
        } else if convolution.activation != .none {
            let activation = Layer(name: layer.name, operation: .activation(convolution.activation), inputs: [0], output: 1)
            ending = PackedOperator(floatOperator(activation), inputs: [y], output: y)
        } else {
            ending = nil
        }
    }

    /// Buffers of one thread.
    func makeWorker() -> Worker { Worker(pass: self) }

    final class Worker {
        private let pass: ConvolutionPass
        private let scratch: AlignedBuffer
        private let wantedBuffer: AlignedBuffer
        private let gotBuffer: AlignedBuffer
        private let inputBuffer: AlignedBuffer
        private let residualBuffer: AlignedBuffer

        fileprivate init(pass: ConvolutionPass) {
            self.pass = pass
            scratch = AlignedBuffer(bytes: max(pass.linear.scratchBytes, pass.integer.scratchBytes, pass.ending?.scratchBytes ?? 0))
            wantedBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            gotBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            residualBuffer = AlignedBuffer(bytes: pass.output.count * 4)
            inputBuffer = AlignedBuffer(bytes: pass.input.count * 4)
        }

        /// - Returns: the FP32 convolution before residual and activation; `output` gets the layer's output.
        func wanted(_ x: UnsafeRawPointer, residual: UnsafeRawPointer?, into output: UnsafeMutableRawPointer) -> UnsafePointer<Float> {
            guard let ending = pass.ending else {
                pass.linear.run(x, into: output, scratch: scratch)
                return UnsafePointer(output.assumingMemoryBound(to: Float.self))
            }
            pass.linear.run(x, into: wantedBuffer.base, scratch: scratch)
            ending.run(wantedBuffer.base, residual, into: output, scratch: scratch)
            return UnsafePointer(wantedBuffer.floats)
        }

        /// - Returns: Σ weight * (q - zero point), positions outside the picture counting as 0.
        func got(_ q: UnsafePointer<sk_act>) -> UnsafePointer<Float> {
            QuantizedValues.center(q, tensor: pass.input, grid: pass.grid, into: inputBuffer)
            pass.integer.run(inputBuffer.base, into: gotBuffer.base, scratch: scratch)
            return UnsafePointer(gotBuffer.floats)
        }

        func residual(_ values: QuantizedValues, _ picture: Int) -> UnsafeMutablePointer<Float> {
            values.real(picture, tensor: pass.output, into: residualBuffer)
        }
    }
}
