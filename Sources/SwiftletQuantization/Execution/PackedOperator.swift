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
        shape.initialize(to: sk_shape(operation, tableEntries: operation.table.count, inputs: inputs, output: output))
        kernel = sk_select(operation.kind.kernelOperator, shape, sk_cpu_isa())!
        packed = AlignedBuffer(bytes: Int(kernel.pointee.packed_bytes?(shape) ?? 0))
        scratchBytes = Int(kernel.pointee.scratch_bytes?(shape, 1) ?? 0)
        operation.withArrays { arrays in
            KernelBinding(operation.kind, shape.pointee, arrays, inputs: inputs, output: output).withParameters {
                kernel.pointee.pack?(shape, $0, packed.base)
            }
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
}
