internal import CKernels

/// One operator, ready to run: a kernel and its call, or the parts of a concatenation. Or what a group does between two operators.
struct Step {
    /// The operator's number.
    let index: Int
    private let run: (@convention(c) (UnsafePointer<sk_call>?, Int32, Int32) -> Void)?
    private let call: UnsafePointer<sk_call>?
    private let copies: UnsafeBufferPointer<ChannelCopy>
    private let gathers: UnsafeBufferPointer<ChannelGather>

    /// - Parameter call: what the kernel is called with; it outlives the step.
    init(_ index: Int, kernel: UnsafePointer<sk_kernel>, call: UnsafePointer<sk_call>) {
        (self.index, run, self.call) = (index, kernel.pointee.run, call)
        copies = UnsafeBufferPointer(start: nil, count: 0)
        gathers = UnsafeBufferPointer(start: nil, count: 0)
    }

    /// - Parameters:
    ///   - copies: the parts of a concatenation of whole maps; they outlive the step.
    ///   - gathers: those of one that selects channels.
    init(_ index: Int, copies: UnsafeBufferPointer<ChannelCopy>, gathers: UnsafeBufferPointer<ChannelGather>) {
        (self.index, run, call) = (index, nil, nil)
        (self.copies, self.gathers) = (copies, gathers)
    }

    func run(_ part: Int32, _ parts: Int32) {
        if let run {
            run(call, part, parts)
        } else {
            for copy in copies { copy.run(Int(part), Int(parts)) }
            for gather in gathers { gather.run(Int(part), Int(parts)) }
        }
    }
}
