import SwiftletGraph
import SwiftletRuntime

/// The gradient of a linear convolution's input, from its output's: itself a convolution, with the weights turned by 180 degrees and
/// transposed, over the output's gradient spread by the strides (Dumoulin and Visin 2016, section 4).
struct TransposedConvolution: Sendable {
    private let kernel: PackedOperator
    private let output: Tensor
    private let spread: Tensor
    private let stride: (height: Int, width: Int)

    /// - Parameters:
    ///   - input, output: the convolution's.
    /// - Returns: nil when the convolution has outputs that read nothing but padding.
    init?(_ convolution: Convolution, input: Tensor, output: Tensor) {
        let window = convolution.window
        self.output = output
        stride = (window.strideHeight, window.strideWidth)
        spread = Tensor(
            name: output.name, height: (output.height - 1) * window.strideHeight + 1, width: (output.width - 1) * window.strideWidth + 1,
            channels: output.channels)
        var turned = window
        (turned.strideHeight, turned.strideWidth) = (1, 1)
        let reach = (height: window.dilationHeight * (window.kernelHeight - 1), width: window.dilationWidth * (window.kernelWidth - 1))
        (turned.padTop, turned.padLeft) = (reach.height - window.padTop, reach.width - window.padLeft)
        turned.padBottom = input.height - spread.height + reach.height - turned.padTop
        turned.padRight = input.width - spread.width + reach.width - turned.padLeft
        guard min(turned.padTop, turned.padLeft, turned.padBottom, turned.padRight) >= 0 else { return nil }

        let transposed = Convolution(
            window: turned, groups: convolution.groups, weights: Self.turn(convolution), bias: Array(repeating: 0, count: input.channels),
            activation: .none)
        kernel = PackedOperator(
            floatOperator(Layer(name: input.name, operation: .convolution(transposed), inputs: [0], output: 1)),
            inputs: [TensorDescription(spread)],
            output: TensorDescription(input))
    }

    private static func turn(_ convolution: Convolution) -> [Float] {
        let positions = convolution.window.kernelHeight * convolution.window.kernelWidth
        let (inputs, outputs) = (convolution.inputsPerGroup, convolution.outputs / convolution.groups)
        var weights: [Float] = []
        weights.reserveCapacity(convolution.weights.count)
        for group in 0..<convolution.groups {
            for input in 0..<inputs {
                for position in (0..<positions).reversed() {
                    for output in group * outputs..<(group + 1) * outputs {
                        weights.append(convolution.weights[(output * positions + position) * inputs + input])
                    }
                }
            }
        }
        return weights
    }

    /// Working memory for one thread.
    func makeScratch() -> Scratch {
        Scratch(spread: AlignedBuffer(bytes: spread.count * 4), kernel: kernel.makeScratch())
    }

    struct Scratch {
        fileprivate let spread: AlignedBuffer
        fileprivate let kernel: AlignedBuffer
    }

    /// - Parameters:
    ///   - gradient: of the convolution's output.
    ///   - result: gets that of its input.
    func run(_ gradient: AlignedBuffer, into result: AlignedBuffer, scratch: Scratch) {
        guard stride != (1, 1) else {
            kernel.run(gradient.base, into: result.base, scratch: scratch.kernel)
            return
        }
        let (from, to, channels) = (gradient.floats, scratch.spread.floats, output.channels)
        to.initialize(repeating: 0, count: spread.count)
        for y in 0..<output.height {
            for x in 0..<output.width {
                let target = (y * stride.height * spread.width + x * stride.width) * channels
                (to + target).update(from: from + (y * output.width + x) * channels, count: channels)
            }
        }
        kernel.run(scratch.spread.base, into: result.base, scratch: scratch.kernel)
    }
}
