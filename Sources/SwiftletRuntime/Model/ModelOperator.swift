import CKernels

/// An operator as read from a file and checked: what a plan needs to run it.
public struct ModelOperator {
    public let name: String
    public let kind: OperatorKind
    public let activation: LoweredActivation
    public let inputs: [Int]
    public let output: Int
    /// For one picture.
    public internal(set) var shape: sk_shape
    /// Of a concatenation: by output channel, the channel of the joined inputs that it is; empty: all in their order.
    public internal(set) var selectedChannels: [UInt16] = []
    /// Bytes of weights and other constants in the file.
    public internal(set) var parameterBytes = 0

    /// Pointers into the file and into the model's expanded zero points; valid until packing is done.
    var parameters = sk_params()
    /// Null for concatenation, which is the executor's own.
    var kernel: UnsafePointer<sk_kernel>?
    var packed: UnsafeMutableRawPointer?

    /// The chosen kernel's instruction set; nil for concatenation.
    public var kernelISA: sk_isa? { kernel?.pointee.isa }

    /// The chosen kernel's name, such as `conv_s8_6x64__avx512vnni`.
    public var kernelName: String {
        kernel.map { String(cString: $0.pointee.name) } ?? "copy"
    }
}
