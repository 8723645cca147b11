internal import CKernels

/// One operator, ready to run: a kernel and its call, or the parts of a concatenation.
struct Step {
    private let run: (@convention(c) (UnsafePointer<sk_call>?, Int32, Int32) -> Void)?
    private let call: UnsafePointer<sk_call>?
    private let copies: UnsafeBufferPointer<ChannelCopy>

    /// - Parameter call: what the kernel is called with; it outlives the step.
    init(kernel: UnsafePointer<sk_kernel>, call: UnsafePointer<sk_call>) {
        (run, self.call) = (kernel.pointee.run, call)
        copies = UnsafeBufferPointer(start: nil, count: 0)
    }

    /// - Parameter copies: the parts of a concatenation; they outlive the step.
    init(copies: UnsafeBufferPointer<ChannelCopy>) {
        (run, call) = (nil, nil)
        self.copies = copies
    }

    func run(_ part: Int32, _ parts: Int32) {
        if let run {
            run(call, part, parts)
        } else {
            for copy in copies { copy.run(Int(part), Int(parts)) }
        }
    }
}

/// Copies a map into a range of another's channels: one input of a concatenation.
struct ChannelCopy {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    /// Of one position, in the source and between two in the target.
    let bytes: Int
    let stride: Int
    let positions: Int

    func run(_ part: Int, _ parts: Int) {
        for position in share(part, parts)..<share(part + 1, parts) {
            (target + position * stride).copyMemory(from: source + position * bytes, byteCount: bytes)
        }
    }

    /// Where `part` of `parts` begins: in 64 bits, since a board's Int does not hold the product.
    private func share(_ part: Int, _ parts: Int) -> Int {
        Int(Int64(positions) * Int64(part) / Int64(parts))
    }
}
