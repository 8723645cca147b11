package import CKernels

/// An operator as read from a file and checked: what a plan needs to run it.
package struct ModelOperator {
    package let name: String
    package let kind: OperatorKind
    package let activation: LoweredActivation
    package let inputs: [Int]
    package let output: Int
    /// For one picture.
    package let shape: sk_shape
    /// Of a concatenation: by output channel, the channel of the joined inputs that it is; empty: all in their order. Of a resampling: by
    /// output row the input's row, then by output column the input's. Of others: empty.
    package let selection: [UInt16]
    /// Bytes of weights and other constants in the file.
    package let parameterBytes: Int

    /// In the file; valid until packing is done.
    let arrays: OperatorArrays
    /// Null for what the executor does itself.
    var kernel: UnsafePointer<sk_kernel>?
    var packed: UnsafeMutableRawPointer?

    /// The chosen kernel's instruction set; nil for what the executor does itself.
    package var kernelISA: sk_isa? { kernel?.pointee.isa }

    /// The chosen kernel's name, such as `conv_s8_6x64__avx512vnni`.
    package var kernelName: String {
        kernel.map { String(cString: $0.pointee.name) } ?? "copy"
    }
}
