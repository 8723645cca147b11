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
    /// Of a concatenation: by output channel, the channel of the joined inputs that it is; empty: all in their order.
    package let selectedChannels: [UInt16]
    /// Bytes of weights and other constants in the file.
    package let parameterBytes: Int

    /// In the file; valid until packing is done.
    let arrays: OperatorArrays
    /// Null for concatenation, which is the executor's own.
    var kernel: UnsafePointer<sk_kernel>?
    var packed: UnsafeMutableRawPointer?

    /// The chosen kernel's instruction set; nil for concatenation.
    package var kernelISA: sk_isa? { kernel?.pointee.isa }

    /// The chosen kernel's name, such as `conv_s8_6x64__avx512vnni`.
    package var kernelName: String {
        kernel.map { String(cString: $0.pointee.name) } ?? "copy"
    }
}
