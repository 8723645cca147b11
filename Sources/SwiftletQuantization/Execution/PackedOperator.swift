import CKernels
import SwiftletRuntime

/// A lowered operator with the kernel that this machine would choose for it, packed, to run on one picture at a time.
///
/// These are the runtime's own kernels, so calibration sees what a board will compute, bit for bit.
final class PackedOperator: @unchecked Sendable {
    private let shape: UnsafeMutablePointer<sk_shape>
    private let kernel: UnsafePointer<sk_kernel>
    private let packed: AlignedBuffer
    let scratchBytes: Int

    /// - Parameters:
    ///   - inputs: shapes and grids, in the order of the operator's inputs.
    ///   - output: shape and grid.
    init(_ operation: OperatorDescription, inputs: [TensorDescription], output: TensorDescription) {
        shape = .allocate(capacity: 1)
        shape.initialize(to: Self.shape(operation, inputs, output))
        kernel = sk_select(sk_operator(rawValue: UInt32(operation.kind.rawValue)), shape, sk_cpu_isa())!
        packed = AlignedBuffer(bytes: Int(kernel.pointee.packed_bytes?(shape) ?? 0))
        scratchBytes = Int(kernel.pointee.scratch_bytes?(shape, 1) ?? 0)

        let arrays = HeldArrays()
        var parameters = sk_params()
        parameters.weights = arrays.hold(operation.weights)
        parameters.bias = arrays.hold(operation.bias)
        parameters.in2_multiplier = arrays.hold(operation.secondMultiplier)
        parameters.table = arrays.hold(operation.table)
        parameters.weights_f32 = arrays.hold(operation.floatWeights)
        parameters.bias_f32 = arrays.hold(operation.floatBias)
        if operation.kind == .quantize || operation.kind == .dequantize {
            parameters.scale = arrays.hold(operation.multiplier)
            parameters.offset = arrays.hold(operation.outFactor)
        } else {
            parameters.multiplier = arrays.hold(operation.multiplier)
            parameters.out_factor = arrays.hold(operation.outFactor)
        }
        parameters.in_zero = arrays.hold(inputs[0].zerosPerChannel)
        if inputs.count > 1 { parameters.in2_zero = arrays.hold(inputs[1].zerosPerChannel) }
        parameters.out_zero = arrays.hold(output.zerosPerChannel)
        withExtendedLifetime(arrays) {
            if let pack = kernel.pointee.pack { pack(shape, &parameters, packed.base) }
        }
    }

    deinit {
        shape.deallocate()
    }

    /// Working memory for one thread.
    func makeScratch() -> AlignedBuffer { AlignedBuffer(bytes: scratchBytes) }

    /// Computes one picture on the calling thread. Buffers as CKernels.h asks: aligned, with slack.
    func run(
        _ input: UnsafeRawPointer, _ second: UnsafeRawPointer? = nil, into output: UnsafeMutableRawPointer, scratch: AlignedBuffer
    ) {
        var call = sk_call()
        call.shape = UnsafePointer(shape)
        call.packed = UnsafeRawPointer(packed.base)
        call.in = input
        call.in2 = second
        call.out = output
        call.scratch = scratch.base
        kernel.pointee.run(&call, 0, 1)
    }

    private static func shape(_ operation: OperatorDescription, _ inputs: [TensorDescription], _ output: TensorDescription) -> sk_shape {
        let (x, window) = (inputs[0], operation.window)
        var shape = sk_shape()
        shape.batch = 1
        (shape.in_h, shape.in_w, shape.in_c) = (Int32(x.height), Int32(x.width), Int32(x.channels))
        (shape.out_h, shape.out_w, shape.out_c) = (Int32(output.height), Int32(output.width), Int32(output.channels))
        (shape.kernel_h, shape.kernel_w) = (window.kernelHeight, window.kernelWidth)
        (shape.stride_h, shape.stride_w) = (window.strideHeight, window.strideWidth)
        (shape.dilation_h, shape.dilation_w) = (window.dilationHeight, window.dilationWidth)
        (shape.pad_top, shape.pad_left) = (window.padTop, window.padLeft)
        (shape.pad_bottom, shape.pad_right) = (window.padBottom, window.padRight)
        shape.groups = Int32(operation.groups)
        shape.activation = Int32(operation.activation.rawValue)
        (shape.act_a, shape.act_b) = (operation.activationA, operation.activationB)
        shape.residual = operation.kind.isConvolution && inputs.count > 1 ? 1 : 0
        if !operation.kind.isConvolution && inputs.count > 1 {
            shape.gate = inputs[1].height * inputs[1].width == 1 && x.height * x.width > 1 ? 1 : 0
        }
        shape.pool_max = operation.isMaxPool ? 1 : 0
        shape.pool_count_pad = operation.poolCountsPadding ? 1 : 0
        shape.table_per_channel = operation.table.count > 256 ? 1 : 0
        return shape
    }
}

/// Copies of arrays at addresses that last as long as this object.
private final class HeldArrays {
    private var blocks: [UnsafeMutableRawPointer] = []

    func hold<Element: BitwiseCopyable>(_ array: [Element]) -> UnsafePointer<Element>? {
        guard !array.isEmpty else { return nil }
        let block = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
        block.initialize(from: array, count: array.count)
        blocks.append(block)
        return UnsafePointer(block)
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}

extension TensorDescription {
    fileprivate var zerosPerChannel: [Int8] {
        zeros.count == 1 ? [Int8](repeating: zeros[0], count: channels) : zeros
    }
}
