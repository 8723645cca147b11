internal import CKernels

/// Where each activation lies in the arena. Tensors share memory when their lifetimes do not overlap; an element-wise operator writes over
/// an input that nobody reads afterwards.
///
/// The first operators may run picture by picture, several pictures at once (see `Stage`). What lives among them alone takes one picture's
/// memory for each part; every other tensor holds the whole batch, one picture after another.
struct MemoryPlan {
    /// Byte offset of each tensor in the batch's or in a part's memory, nil where no operator touches it.
    private var offsets: [WideCount?]
    private var isOfPicture: [Bool]
    /// Of one picture's values.
    private let bytes: [WideCount]
    private var batchSize = WideCount(0)
    private var pictureSize = WideCount(0)
    /// Whoever allocates it compares it with its ceiling first; offsets are good for nothing beyond.
    private(set) var arenaSize = WideCount(0)
    /// What takes most by itself, of a picture or of the whole batch.
    private(set) var largestTensor = (tensor: 0, bytes: WideCount(0))

    private struct Placement {
        let tensor: Int
        let size: WideCount
        var first: Int
        var last: Int
    }

    /// - Parameters:
    ///   - batch: pictures that run together.
    ///   - pictureOperators: how many operators, from the first on, run picture by picture.
    ///   - parts: pictures that do so at once.
    ///   - groups: whose operators run in turns, and keep what lies between them to themselves.
    ///   - keepsTensors: gives every tensor memory of its own, so that all can be looked at after a run; then no operator runs picture by
    ///     picture, and there are no groups.
    init(
        _ model: Model, batch: Int, pictureOperators: Int = 0, parts: Int = 1, groups: [GroupPlan] = [], keepsTensors: Bool
    ) {
        self.init(
            tensors: model.tensors, operators: model.operators, input: model.input, outputs: model.outputTensors, batch: batch,
            pictureOperators: pictureOperators, parts: parts, groups: groups, keepsTensors: keepsTensors)
    }

    init(
        tensors: [TensorDescription], operators: [ModelOperator], input modelInput: Int, outputs: [Int], batch: Int,
        pictureOperators: Int = 0, parts: Int = 1, groups: [GroupPlan] = [], keepsTensors: Bool
    ) {
        offsets = [WideCount?](repeating: nil, count: tensors.count)
        bytes = tensors.map { $0.byteCount }
        // By operator, the first and the last that may run while it does.
        var together = operators.indices.map { $0...$0 }
        for group in groups {
            for index in group.operators { together[index] = group.operators.lowerBound...(group.operators.upperBound - 1) }
        }
        // Lifetimes in operator numbers; the input is written before operator 0, the outputs are read after the last.
        var first = [Int](repeating: Int.max, count: tensors.count)
        var last = [Int](repeating: -1, count: tensors.count)
        first[modelInput] = -1
        for (index, operation) in operators.enumerated() {
            first[operation.output] = together[index].lowerBound
            last[operation.output] = together[index].upperBound
            for input in operation.inputs { last[input] = together[index].upperBound }
        }
        for group in groups {
            for index in group.hidden { last[operators[index].output] = -1 }
        }
        for output in outputs { last[output] = operators.count }
        last[modelInput] = operators.count  // kept, so that a run can be repeated
        isOfPicture = tensors.indices.map { last[$0] < pictureOperators }

        // In place: the output takes its input's memory, and the two are one placement.
        var owner = Array(tensors.indices)
        if !keepsTensors {
            for (index, operation) in operators.enumerated() where together[index].count == 1 {
                guard let source = MemoryPlan.reusableInput(operation, tensors: tensors, last: last, at: index) else { continue }
                if isOfPicture[source] == isOfPicture[operation.output] { owner[operation.output] = owner[source] }
            }
        }
        var placements: [Placement] = []
        var placementOf = [Int](repeating: -1, count: tensors.count)
        for tensor in tensors.indices where owner[tensor] == tensor && last[tensor] >= 0 {
            placementOf[tensor] = placements.count
            placements.append(
                Placement(
                    tensor: tensor, size: (bytes[tensor] * (isOfPicture[tensor] ? 1 : batch)).aligned,
                    first: keepsTensors ? -1 : first[tensor],
                    last: keepsTensors ? operators.count : last[tensor]))
        }
        for tensor in tensors.indices where owner[tensor] != tensor {
            let placement = placementOf[owner[tensor]]
            placements[placement].last = max(placements[placement].last, last[tensor])
        }
        for placement in placements where placement.size > largestTensor.bytes { largestTensor = (placement.tensor, placement.size) }
        batchSize = place(placements.filter { !isOfPicture[$0.tensor] })
        pictureSize = place(placements.filter { isOfPicture[$0.tensor] })
        for tensor in tensors.indices where owner[tensor] != tensor { offsets[tensor] = offsets[owner[tensor]] }
        arenaSize = batchSize + pictureSize * parts + Int(SK_SLACK)
    }

    /// Where `tensor` of a picture lies, in bytes from the arena's begin; nil where no operator touches it.
    /// - Parameter part: which of the pictures that run at once this is.
    func offset(of tensor: Int, picture: Int = 0, part: Int = 0) -> Int? {
        guard let offset = offsets[tensor] else { return nil }
        return (offset + (isOfPicture[tensor] ? batchSize + pictureSize * part : bytes[tensor] * picture)).within(arenaSize)
    }

    /// Largest first, each at the lowest offset that is free for its whole life. Returns the size of all.
    private mutating func place(_ placements: [Placement]) -> WideCount {
        let order = sortedOrder(placements.count) { a, b in
            placements[a].size != placements[b].size ? placements[a].size > placements[b].size : a < b
        }
        var size = WideCount(0)
        var placed: [(offset: WideCount, index: Int)] = []
        for index in order {
            let placement = placements[index]
            var offset = WideCount(0)
            for other in placed {  // in order of offset
                let neighbor = placements[other.index]
                guard neighbor.first <= placement.last, placement.first <= neighbor.last else { continue }
                if offset + placement.size <= other.offset { break }
                offset = max(offset, other.offset + neighbor.size)
            }
            offsets[placement.tensor] = offset
            size = max(size, offset + placement.size)
            let position = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((offset, index), at: position)
        }
        return size
    }

    /// The input whose memory the operator may write its output to.
    private static func reusableInput(_ operation: ModelOperator, tensors: [TensorDescription], last: [Int], at index: Int) -> Int? {
        let candidates: ArraySlice<Int>
        switch operation.kind.traits.overwrites {
        case .none: return nil
        case .first: candidates = operation.inputs.prefix(1)
        case .either: candidates = operation.inputs.prefix(operation.shape.gate == 1 ? 1 : 2)
        }
        // x * x and x + x read both operands from the place that is written, element by element: allowed only where the operator says so.
        guard operation.inputs.count < 2 || operation.inputs[0] != operation.inputs[1] else { return nil }
        return candidates.first { last[$0] == index }
    }
}
