import CKernels

/// One operator, ready to run: a kernel and its call, or the parts of a concatenation.
struct Step {
    private let run: (@convention(c) (UnsafePointer<sk_call>?, Int32, Int32) -> Void)?
    private var call: UnsafeMutablePointer<sk_call>
    private var copies: UnsafeMutableBufferPointer<ChannelCopy>
    private var gathers: UnsafeMutableBufferPointer<ChannelGather>

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
        (copies, gathers) = (.init(start: nil, count: 0), .init(start: nil, count: 0))
        guard operation.kind == .concatenate else { return }
        let count = operation.inputs.count
        let selects = !operation.selectedChannels.isEmpty
        if selects { gathers = .allocate(capacity: count) } else { copies = .allocate(capacity: count) }
        let whole = model.tensors[operation.output]
        let positions = Int(shape.pointee.batch) * whole.height * whole.width
        var channel = 0
        for (index, input) in operation.inputs.enumerated() {
            let part = model.tensors[input]
            let source = UnsafeRawPointer(address(input))
            if selects {
                gathers.initializeElement(
                    at: index,
                    to: ChannelGather(
                        source: source, target: output, channels: channel..<channel + part.channels, selected: operation.selectedChannels,
                        elementSize: whole.type.size, positions: positions))
            } else {
                copies.initializeElement(
                    at: index,
                    to: ChannelCopy(
                        source: source, target: output + channel * whole.type.size, bytes: part.channels * part.type.size,
                        stride: whole.channels * whole.type.size, positions: positions))
            }
            channel += part.channels
        }
    }

    func free() {
        call.deallocate()
        if copies.count > 0 { copies.deallocate() }
        for gather in gathers { gather.free() }
        if gathers.count > 0 { gathers.deallocate() }
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
