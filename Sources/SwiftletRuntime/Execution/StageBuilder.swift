internal import CKernels

/// Lays out the stages of a session: the first operators picture by picture, as many pictures at once as there are threads, pictures left
/// over shared by all threads; then the other operators on the whole batch, or groups of them on a picture.
struct StageBuilder {
    private let model: Model
    private let plan: SessionPlan
    private let arena: UnsafeMutableRawPointer
    private let scratch: UnsafeMutableRawPointer

    /// One an operator, with the number of pictures that it runs on at once.
    private var shapes: FixedList<sk_shape>
    private var calls: FixedList<sk_call>
    private var copies: FixedList<ChannelCopy>
    private var gathers: FixedList<ChannelGather>
    private var runs: FixedList<ChannelRun>
    /// By operator, what `selection` says, as parts of `runs`.
    private var partRuns: [[UnsafeBufferPointer<ChannelRun>]] = []
    private var steps: FixedList<Step>
    private var stages: FixedList<Stage>

    /// - Parameters:
    ///   - arena: where the tensors lie, by the plan.
    ///   - memory: what is to hold the stages, and what they work in.
    init(
        _ model: Model, _ plan: SessionPlan, arena: UnsafeMutableRawPointer, in memory: inout OwnedMemory
    ) throws(SwiftletError) {
        (self.model, self.plan, self.arena) = (model, plan, arena)
        scratch = try memory.allocate(plan.sizes.scratch, for: "the kernels to work in")
        let (batch, pictureOperators) = (plan.batch, plan.pictureOperators)
        let times = { (index: Int) in index < pictureOperators ? batch : 1 }
        let parts = { (operation: ModelOperator, selects: Bool) in
            !operation.kind.hasKernel && operation.selection.isEmpty != selects ? operation.inputs.count : 0
        }
        let operators = model.operators
        let stepCount = operators.indices.reduce(0) { $0 + times($1) }
        let copyCount = operators.indices.reduce(0) { $0 + times($1) * parts(operators[$1], false) }
        let gatherCount = operators.indices.reduce(0) { $0 + times($1) * parts(operators[$1], true) }
        let selections = operators.map { StageBuilder.selection($0, of: model.tensors) }
        let purpose = "the list of operators"
        shapes = try memory.list(of: sk_shape.self, capacity: operators.count, for: purpose)
        calls = try memory.list(of: sk_call.self, capacity: stepCount, for: purpose)
        copies = try memory.list(of: ChannelCopy.self, capacity: copyCount, for: purpose)
        gathers = try memory.list(of: ChannelGather.self, capacity: gatherCount, for: purpose)
        let runCount = selections.reduce(0) { $0 + $1.reduce(0) { $0 + $1.count } }
        runs = try memory.list(of: ChannelRun.self, capacity: runCount, for: purpose)
        steps = try memory.list(of: Step.self, capacity: stepCount, for: purpose)
        stages = try memory.list(of: Stage.self, capacity: stepCount, for: purpose)
        for index in operators.indices {
            var shape = operators[index].shape
            shape.batch = Int32(index < pictureOperators ? 1 : batch)
            shapes.append(shape)
        }
        for selection in selections {
            var parts: [UnsafeBufferPointer<ChannelRun>] = []
            for part in selection {
                let begin = runs.count
                for run in part { runs.append(run) }
                parts.append(runs.elements(from: begin))
            }
            partRuns.append(parts)
        }
    }

    /// By input of a concatenation that selects channels, those that it takes from there; of a resampling, the elements of a row that it
    /// takes, then the rows. Empty for other operators.
    private static func selection(_ operation: ModelOperator, of tensors: [TensorDescription]) -> [[ChannelRun]] {
        guard !operation.selection.isEmpty else { return [] }
        if operation.kind == .resample {
            let (input, output) = (tensors[operation.inputs[0]], tensors[operation.output])
            let channels = Int32(input.channels)
            let columns = ChannelGather.runs(of: 0..<input.width, selected: operation.selection[output.height...])
            return [
                columns.map { ChannelRun(from: $0.from * channels, to: $0.to * channels, count: $0.count * channels) },
                operation.selection[..<output.height].map { ChannelRun(from: Int32($0), to: 0, count: 1) },
            ]
        }
        var channel = 0
        return operation.inputs.map { input in
            let channels = channel..<(channel + tensors[input].channels)
            channel = channels.upperBound
            return ChannelGather.runs(of: channels, selected: operation.selection[...])
        }
    }

    mutating func build(in memory: inout OwnedMemory) throws(SwiftletError) -> UnsafeBufferPointer<Stage> {
        try buildPictures(in: &memory)
        let bands = try memory.allocate(plan.sizes.bands, for: "what lies between operators")
        let groups = GroupBuilder(model, plan, arena: arena, bands: bands, scratch: scratch)
        for plan in plan.groups {
            switch plan {
            case .shared(let index): share(index, picture: 0)
            case .rows(let layout): stages.append(try groups.stage(layout, in: &memory))
            case .channels(let group): stages.append(try groups.stage(group, in: &memory))
            }
        }
        return stages.elements()
    }

    /// The operators that run picture by picture.
    private mutating func buildPictures(in memory: inout OwnedMemory) throws(SwiftletError) {
        let (threads, operators) = (plan.threads, plan.pictureOperators)
        guard operators > 0 else { return }
        var begins = try memory.list(of: Int.self, capacity: threads + 1, for: "the list of operators")
        for part in 0...threads { begins.append(part * operators) }
        let left = plan.batch % threads
        for first in stride(from: 0, to: plan.batch - left, by: threads) {
            let begin = steps.count
            for part in 0..<threads {
                for index in 0..<operators { add(index, picture: first + part, part: part) }
            }
            stages.append(Stage(steps.elements(from: begin), of: begins.elements(), lastOperator: operators - 1))
        }
        for picture in (plan.batch - left)..<plan.batch {
            for index in 0..<operators { share(index, picture: picture) }
        }
    }

    /// An operator that all threads share.
    private mutating func share(_ index: Int, picture: Int) {
        stages.append(Stage(add(index, picture: picture, part: 0)))
    }

    @discardableResult
    private mutating func add(_ index: Int, picture: Int, part: Int) -> UnsafePointer<Step> {
        let operation = model.operators[index]
        let address = { [plan, arena] (tensor: Int) in arena + plan.memory.offset(of: tensor, picture: picture, part: part)! }
        let output = address(operation.output)
        guard let kernel = operation.kernel else {
            let (firstCopy, firstGather) = (copies.count, gathers.count)
            addParts(index, at: address, pictures: Int(shapes.elements()[index].batch))
            return steps.append(Step(index, copies: copies.elements(from: firstCopy), gathers: gathers.elements(from: firstGather)))
        }
        let call = calls.append(
            sk_call(
                shape: shapes.elements().baseAddress! + index, packed: operation.packed, in: address(operation.inputs[0]),
                in2: operation.inputs.count > 1 ? UnsafeRawPointer(address(operation.inputs[1])) : nil, out: output,
                scratch: scratch + part * plan.sizes.ownScratch, channel_begin: 0, channel_end: 0))
        return steps.append(Step(index, kernel: kernel, call: call))
    }

    /// The parts of a concatenation: each goes to a range of the output's channels, or to those that select it. Or a resampling's rows.
    private mutating func addParts(_ index: Int, at address: (Int) -> UnsafeMutableRawPointer, pictures: Int) {
        let operation = model.operators[index]
        let (whole, target) = (model.tensors[operation.output], address(operation.output))
        let positions = pictures * whole.height * whole.width
        if operation.kind == .resample {
            let input = model.tensors[operation.inputs[0]]
            gathers.append(
                ChannelGather(
                    source: address(operation.inputs[0]), target: target, runs: partRuns[index][0],
                    sourceStride: input.width * input.channels, targetStride: whole.width * whole.channels, elementSize: whole.type.size,
                    positions: pictures * whole.height, rows: partRuns[index][1], sourceRows: input.height))
            return
        }
        var channel = 0
        for (place, input) in operation.inputs.enumerated() {
            let part = model.tensors[input]
            let source = UnsafeRawPointer(address(input))
            if partRuns[index].isEmpty {
                copies.append(
                    ChannelCopy(
                        source: source, target: target + channel * whole.type.size, bytes: part.channels * part.type.size,
                        stride: whole.channels * whole.type.size, positions: positions))
                channel += part.channels
            } else {
                gathers.append(
                    ChannelGather(
                        source: source, target: target, runs: partRuns[index][place], sourceStride: part.channels,
                        targetStride: whole.channels, elementSize: whole.type.size, positions: positions))
            }
        }
    }
}
