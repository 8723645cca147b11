import CKernels
import CPlatform

/// One operator, ready to run: a kernel and its call, or the parts of a concatenation.
struct Step {
    private let run: (@convention(c) (UnsafePointer<sk_call>?, Int32, Int32) -> Void)?
    private var call: UnsafeMutablePointer<sk_call>
    private let copies: UnsafeMutableBufferPointer<ChannelCopy>

    init(
        _ operation: ModelOperator, model: Model, plan: MemoryPlan, arena: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer,
        shape: UnsafePointer<sk_shape>, batch: Int
    ) {
        let output = arena + plan.offsets[operation.output]
        run = operation.kernel?.pointee.run
        call = .allocate(capacity: 1)
        call.initialize(
            to: sk_call(
                shape: shape, packed: operation.packed, in: arena + plan.offsets[operation.inputs[0]],
                in2: operation.inputs.count > 1 ? UnsafeRawPointer(arena + plan.offsets[operation.inputs[1]]) : nil, out: output,
                scratch: scratch))
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
                    source: UnsafeRawPointer(arena + plan.offsets[input]), target: output + channel * whole.type.size,
                    bytes: part.channels * part.type.size, stride: whole.channels * whole.type.size,
                    positions: batch * part.height * part.width))
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
        for position in (positions * part / parts)..<(positions * (part + 1) / parts) {
            (target + position * stride).copyMemory(from: source + position * bytes, byteCount: bytes)
        }
    }
}

/// What every thread of a session walks through together.
struct StepList {
    let steps: UnsafePointer<Step>
    let count: Int
    let pool: OpaquePointer
    /// Nanoseconds of each step, where wanted.
    var times: UnsafeMutablePointer<UInt64>?

    /// The executor, on every thread: this thread's part of each step, and any part that a waiting thread must take over.
    static func run(_ context: UnsafeMutableRawPointer, _ thread: Int32, _ threads: Int32, _ run: UInt32) {
        let list = context.assumingMemoryBound(to: StepList.self).pointee
        var started = list.times == nil ? 0 : sp_nanoseconds()
        for index in 0..<list.count {
            PoolStep(pool: list.pool, run: run, step: index, thread: thread).compute { list.steps[index].run($0, threads) }
            if let times = list.times, thread == 0 {
                let now = sp_nanoseconds()
                times[index] += now - started
                started = now
            }
        }
    }
}
