import CKernels
import Testing

/// Sizes of kernels for shapes that nobody has memory for: none wraps to a small number, on any machine.
@Suite struct KernelSizeTests {
    private var kernels: UnsafeBufferPointer<sk_kernel> {
        var count: Int32 = 0
        let first = sk_kernels(&count)
        return UnsafeBufferPointer(start: first, count: Int(count))
    }

    private func shape(channels: Int32, kernel: (Int32, Int32), groups: Int32, map: Int32) -> sk_shape {
        var shape = sk_shape()
        (shape.batch, shape.in_h, shape.in_w, shape.in_c) = (1, map, map, channels)
        (shape.out_h, shape.out_w, shape.out_c) = (map, map, channels)
        (shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w) = (
            kernel.0, kernel.1, 1, 1, 1, 1
        )
        shape.groups = groups
        return shape
    }

    /// 2^42 weights, a size that 32 bits would cut to 0.
    @Test func packedParametersHoldTheWeights() {
        for kernel in kernels {
            var shape = shape(channels: 8192, kernel: (256, 256), groups: 8, map: 64)
            let weights: UInt64
            switch kernel.op {
            case SK_CONV_S8, SK_CONV_F32: weights = 8192 * 256 * 256 * 1024
            case SK_DEPTHWISE_S8, SK_DEPTHWISE_F32:
                shape.groups = 8192
                weights = 8192 * 256 * 256
            default: continue
            }
            guard kernel.supports(&shape), let bytes = kernel.packed_bytes else { continue }
            #expect(bytes(&shape) >= weights, "\(String(cString: kernel.name))")
        }
    }

    /// Working memory grows with the number of threads until it is too large, and stays so.
    @Test func scratchOfManyThreads() {
        for kernel in kernels {
            var shape = shape(channels: 16_384, kernel: (1023, 1023), groups: 1, map: 16_384)
            guard kernel.supports(&shape), let bytes = kernel.scratch_bytes else { continue }
            let (one, many) = (bytes(&shape, 1), bytes(&shape, 1024))
            let (product, overflows) = one.multipliedReportingOverflow(by: 1024)
            #expect(many == (overflows ? UInt64.max : product), "\(String(cString: kernel.name))")
        }
    }
}
