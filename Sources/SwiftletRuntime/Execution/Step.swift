import CKernels

/// One operator, ready to run: a kernel and its call, or the parts of a concatenation.
struct Step {
    private let run: (@convention(c) (UnsafePointer<sk_call>?, Int32, Int32) -> Void)?
    private var call: UnsafeMutablePointer<sk_call>
    private let copies: UnsafeMutableBufferPointer<ChannelCopy>

    /// - Parameters:
    ///   - shape: with the number of pictures to run at once; it outlives the step.
    ///   - address: where a tensor's values of the first of these pictures begin.
    init(
        _ operation: ModelOperator, model: Model, shape: UnsafePointer<sk_shape>, scratch: UnsafeMutableRawPointer,
        at address: (_ tensor: Int) -> UnsafeMutableRawPointer
    ) {
        let output = address(operation.output)
        run = operation.kernel?.pointee.run
        call = .allocate(capacity: 1)
        call.initialize(
            to: sk_call(
                shape: shape, packed: operation.packed, in: address(operation.inputs[0]),
                in2: operation.inputs.count > 1 ? UnsafeRawPointer(address(operation.inputs[1])) : nil, out: output, scratch: scratch))
        guard operation.kind == .concatenate else {
            copies = .init(start: nil, count: 0)
            return
        }
        copies = .allocate(capacity: operation.inputs.count)
        let whole = model.tensors[operation.output]
        var channel = 0
        for (index, input) in operation.inputs.enumerated() {
            let part = model.tensors[input]
            copies.initializeElement(
                at: index,
                to: ChannelCopy(
                    source: UnsafeRawPointer(address(input)), target: output + channel * whole.type.size,
                    bytes: part.channels * part.type.size, stride: whole.channels * whole.type.size,
                    positions: Int(shape.pointee.batch) * part.height * part.width))
            channel += part.channels
        }
    }

    func free() {
        call.deallocate()
        if copies.count > 0 { copies.deallocate() }
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
