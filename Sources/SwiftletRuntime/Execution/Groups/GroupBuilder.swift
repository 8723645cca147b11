internal import CKernels

/// Makes the stage of a group: by part, every kernel's call on every band or on the part's channels, and what is kept from one band for the
/// next.
struct GroupBuilder {
    private let model: Model
    private let plan: SessionPlan
    private let arena: UnsafeMutableRawPointer
    /// Of all parts, what lies between operators, and what their kernels work in.
    private let bands: UnsafeMutableRawPointer
    private let scratch: UnsafeMutableRawPointer

    init(
        _ model: Model, _ plan: SessionPlan, arena: UnsafeMutableRawPointer, bands: UnsafeMutableRawPointer,
        scratch: UnsafeMutableRawPointer
    ) {
        (self.model, self.plan, self.arena, self.bands, self.scratch) = (model, plan, arena, bands, scratch)
    }

    /// Where the steps of a group go.
    private struct Lists {
        var shapes: FixedList<sk_shape>
        var calls: FixedList<sk_call>
        var copies: FixedList<ChannelCopy>
        var steps: FixedList<Step>

        init(_ count: Int, in memory: inout OwnedMemory) throws(SwiftletError) {
            let purpose = "the list of operators"
            shapes = try memory.list(of: sk_shape.self, capacity: count, for: purpose)
            calls = try memory.list(of: sk_call.self, capacity: count, for: purpose)
            copies = try memory.list(of: ChannelCopy.self, capacity: count, for: purpose)
            steps = try memory.list(of: Step.self, capacity: count, for: purpose)
        }
    }

    func stage(_ layout: RowGroupLayout, in memory: inout OwnedMemory) throws(SwiftletError) -> Stage {
        var lists = try Lists(layout.steps, in: &memory)
        var begins = try memory.list(of: Int.self, capacity: plan.parts + 1, for: "the list of operators")
        for part in 0..<plan.parts {
            begins.append(lists.steps.count)
            for index in layout.group.vectors {
                let operation = model.operators[index]
                add(index, operation.shape, 0, in: address(operation.inputs[0], layout, part), 0, layout, part, &lists)
            }
            addBands(layout, part, &lists)
        }
        begins.append(lists.steps.count)
        return Stage(lists.steps.elements(), of: begins.elements(), lastOperator: layout.group.operators.upperBound - 1)
    }

    /// By channels; all is in the arena.
    func stage(_ group: ChannelGroup, in memory: inout OwnedMemory) throws(SwiftletError) -> Stage {
        var lists = try Lists(plan.parts * group.operators.count, in: &memory)
        var begins = try memory.list(of: Int.self, capacity: plan.parts + 1, for: "the list of operators")
        for part in 0..<plan.parts {
            begins.append(lists.steps.count)
            let share = group.share(part, of: plan.parts)
            guard !share.isEmpty else { continue }
            for index in group.operators {
                let operation = model.operators[index]
                let addresses = (operation.inputs + [operation.output]).map { arena + plan.memory.offset(of: $0)! }
                let call = lists.calls.append(
                    sk_call(
                        shape: lists.shapes.append(operation.shape), packed: operation.packed, in: addresses[0],
                        in2: operation.inputs.count > 1 ? UnsafeRawPointer(addresses[1]) : nil, out: addresses[addresses.count - 1],
                        scratch: scratch + part * plan.sizes.ownScratch, channel_begin: Int32(share.lowerBound),
                        channel_end: Int32(share.upperBound)))
                lists.steps.append(Step(index, kernel: operation.kernel!, call: call))
            }
        }
        begins.append(lists.steps.count)
        return Stage(lists.steps.elements(), of: begins.elements(), lastOperator: group.operators.upperBound - 1)
    }

    /// The chain, band by band.
    private func addBands(_ layout: RowGroupLayout, _ part: Int, _ lists: inout Lists) {
        let (group, chain) = (layout.group, layout.chain)
        // By operator, the rows of its output that are there; of the last one, those of the band.
        var there = [Range<Int>](repeating: 0..<0, count: chain.shapes.count)
        for band in layout.bands(ofPart: part, of: plan.parts) {
            let wanted = chain.outputRows(under: band)
            for (place, index) in group.chain.enumerated() {
                let operation = model.operators[index]
                var (rows, first) = (wanted[place], 0)
                if place < chain.shapes.count - 1 {
                    let kept = max(rows.lowerBound, there[place].lowerBound)..<max(rows.lowerBound, there[place].upperBound)
                    keep(kept, of: place, from: there[place].lowerBound, layout, part, &lists)
                    first = rows.lowerBound
                    rows = max(rows.lowerBound, kept.upperBound)..<rows.upperBound
                }
                there[place] = wanted[place]
                guard !rows.isEmpty else { continue }
                let shape = chain.shapes[place]
                let input = shape.inputRows(under: rows).lowerBound
                let from =
                    place == 0
                    ? address(operation.inputs[0], layout, part) + input * chain.inputRowBytes
                    : address(operation.inputs[0], layout, part) + (input - there[place - 1].lowerBound) * chain.rowBytes[place - 1]
                let rowBytes = chain.rowBytes[place]
                add(
                    index, shape.band(rows), rows.lowerBound * rowBytes, in: from, (rows.lowerBound - first) * rowBytes, layout, part,
                    &lists)
            }
        }
    }

    /// Moves rows that the next band needs, too, to where it looks for them.
    private func keep(_ rows: Range<Int>, of place: Int, from first: Int, _ layout: RowGroupLayout, _ part: Int, _ lists: inout Lists) {
        guard !rows.isEmpty, rows.lowerBound > first else { return }
        let index = layout.group.chain.lowerBound + place
        let memory = address(model.operators[index].output, layout, part)
        let bytes = rows.count * layout.chain.rowBytes[place]
        let begin = lists.copies.count
        lists.copies.append(
            ChannelCopy(
                source: memory + (rows.lowerBound - first) * layout.chain.rowBytes[place], target: memory, bytes: bytes, stride: bytes,
                positions: 1))
        lists.steps.append(
            Step(index, copies: lists.copies.elements(from: begin), gathers: UnsafeBufferPointer(start: nil, count: 0)))
    }

    /// - Parameters:
    ///   - begin: bytes of the output, and of a second input of its shape, before the first row.
    ///   - offset: of the first row from where the output lies, in bytes.
    private func add(
        _ index: Int, _ shape: sk_shape, _ begin: Int, in input: UnsafeMutableRawPointer, _ offset: Int, _ layout: RowGroupLayout,
        _ part: Int, _ lists: inout Lists
    ) {
        let operation = model.operators[index]
        var second: UnsafeRawPointer?
        if operation.inputs.count > 1 {
            second = UnsafeRawPointer(address(operation.inputs[1], layout, part) + (shape.gate == 1 ? 0 : begin))
        }
        let call = lists.calls.append(
            sk_call(
                shape: lists.shapes.append(shape), packed: operation.packed, in: input, in2: second,
                out: address(operation.output, layout, part) + offset, scratch: scratch + part * plan.sizes.ownScratch, channel_begin: 0,
                channel_end: 0))
        lists.steps.append(Step(index, kernel: operation.kernel!, call: call))
    }

    /// Where a tensor lies: in the arena, or in a part's own memory.
    private func address(_ tensor: Int, _ layout: RowGroupLayout, _ part: Int) -> UnsafeMutableRawPointer {
        for (place, index) in layout.group.hidden.enumerated() where model.operators[index].output == tensor {
            return bands + part * plan.sizes.ownBands + layout.offsets[place]
        }
        return arena + plan.memory.offset(of: tensor)!
    }
}
