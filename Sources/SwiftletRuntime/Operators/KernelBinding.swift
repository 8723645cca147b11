package import CKernels

/// An operator as its kernels take it: the one place that fills `sk_shape` and `sk_params`.
package struct KernelBinding {
    package let kind: OperatorKind
    package let shape: sk_shape
    private let arrays: OperatorArrays
    private let inputs: [TensorDescription]
    private let output: TensorDescription

    /// - Parameters:
    ///   - shape: as `sk_shape.init` makes it.
    ///   - arrays: as long as the operator has them; they outlive the binding.
    ///   - inputs: shapes and grids, in the order of the operator's inputs.
    package init(
        _ kind: OperatorKind, _ shape: sk_shape, _ arrays: OperatorArrays, inputs: [TensorDescription], output: TensorDescription
    ) {
        (self.kind, self.shape, self.arrays, self.inputs, self.output) = (kind, shape, arrays, inputs, output)
    }

    /// What `pack` takes, for as long as `body` runs. Of what the operator does not have, the pointer is null.
    package func withParameters<Result>(_ body: (UnsafePointer<sk_params>) -> Result) -> Result {
        var parameters = sk_params()
        parameters.weights = arrays.weights.pointer
        parameters.bias = arrays.bias.pointer
        if kind.isConversion {
            (parameters.scale, parameters.offset) = (arrays.multiplier.pointer, arrays.offsets.pointer)
        } else {
            parameters.multiplier = arrays.multiplier.pointer
        }
        parameters.in2_multiplier = arrays.secondMultiplier.pointer
        parameters.table = arrays.table.pointer
        parameters.weights_f32 = arrays.floatWeights.pointer
        parameters.bias_f32 = arrays.floatBias.pointer
        return inputs[0].zerosPerChannel.withUnsafeBufferPointer { zeros in
            parameters.in_zero = zeros.pointer
            return secondZeros.withUnsafeBufferPointer { zeros in
                parameters.in2_zero = zeros.pointer
                return output.zerosPerChannel.withUnsafeBufferPointer { zeros in
                    parameters.out_zero = zeros.pointer
                    return hardSwishFactors.withUnsafeBufferPointer { factors in
                        parameters.out_factor = factors.pointer
                        return body(&parameters)
                    }
                }
            }
        }
    }

    private var secondZeros: [Int8] { inputs.count > 1 ? inputs[1].zerosPerChannel : [] }

    /// k of an int8 hard-swish, which follows from the output's grid: it is in no file.
    private var hardSwishFactors: [Float] {
        guard kind.isInt8, shape.activation == Int32(LoweredActivation.hardSwish.rawValue) else { return [] }
        return (0..<output.channels).map { output.hardSwishFactor($0) }
    }
}

extension UnsafeBufferPointer {
    /// Null where there is nothing: an empty array of Swift's has an address, at which kernels would read.
    fileprivate var pointer: UnsafePointer<Element>? { isEmpty ? nil : baseAddress }
}

extension TensorDescription {
    /// [channels], or empty in single precision.
    fileprivate var zerosPerChannel: [Int8] {
        zeros.count == 1 ? [Int8](repeating: zeros[0], count: channels) : zeros
    }
}

extension OperatorKind {
    /// The kernels' number, which is the file's.
    package var kernelOperator: sk_operator { sk_operator(UInt32(rawValue)) }
}

extension sk_shape {
    /// An operator on one picture.
    /// - Parameters:
    ///   - tableEntries: elements of its table, where it has one.
    ///   - inputs: one at least.
    package init(_ operation: OperatorDescription, tableEntries: Int, inputs: [TensorDescription], output: TensorDescription) {
        self.init()
        let (x, window, traits) = (inputs[0], operation.window, operation.kind.traits)
        batch = 1
        (in_h, in_w, in_c) = (Int32(x.height), Int32(x.width), Int32(x.channels))
        (out_h, out_w, out_c) = (Int32(output.height), Int32(output.width), Int32(output.channels))
        (kernel_h, kernel_w) = (window.kernelHeight, window.kernelWidth)
        (stride_h, stride_w) = (window.strideHeight, window.strideWidth)
        (dilation_h, dilation_w) = (window.dilationHeight, window.dilationWidth)
        (pad_top, pad_left) = (window.padTop, window.padLeft)
        (pad_bottom, pad_right) = (window.padBottom, window.padRight)
        groups = Int32(operation.groups)
        activation = Int32(operation.activation.rawValue)
        (act_a, act_b) = (operation.activationA, operation.activationB)
        pool_max = operation.isMaxPool ? 1 : 0
        pool_count_pad = operation.poolCountsPadding ? 1 : 0
        table_per_channel = tableEntries > OperatorArrays.tableEntries ? 1 : 0
        guard inputs.count > 1 else { return }
        residual = traits.inputs == .oneOrResidual ? 1 : 0
        gate = traits.inputs == .pairOrGate && inputs[1].isVector && !x.isVector ? 1 : 0
    }

    /// Values that one output sums, of a convolution.
    var inputsPerOutput: WideCount { WideCount(kernel_h) * WideCount(kernel_w) * WideCount(in_c / groups) }
}
