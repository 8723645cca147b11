/// Visits nodes in their order and lets selections read through other selections and concatenations: see `Pass.foldSelections`.
struct SelectionComposer {
    /// A channel of a value that is no selection or concatenation itself, or is kept as one.
    private struct Channel: Equatable {
        var value: ValueID
        var index: Int
    }

    var graph: Graph
    private(set) var nodes: [Node] = []
    /// Values that turned out to be others.
    private(set) var replacement: [ValueID: ValueID] = [:]
    /// Channels of values, from the input forward.
    private let shapes: [MapShape?]
    /// Selections as emitted, by output.
    private var selections: [ValueID: [Channel]] = [:]
    /// Concatenations as emitted, by output, with the channel at which each part begins.
    private var joins: [ValueID: (parts: [ValueID], starts: [Int])] = [:]

    init(_ graph: Graph) {
        self.graph = graph
        shapes = graph.mapShapes()
    }

    mutating func visit(_ node: Node) throws(GraphError) {
        var node = node
        node.inputs = node.inputs.map { replacement[$0] ?? $0 }
        switch node.operation {
        case .select(let axis, let indices):
            guard let starts = starts(node.inputs), shapes[node.output] != nil else { return nodes.append(node) }
            try graph.budget.spend(indices.count, steps: node.inputs.count, for: node)
            let channels = indices.map { channel(in: node.inputs, starts, at: $0) }
            emit(node, axis: axis, channels.map(resolved))
        case .concat(let axis):
            guard let starts = starts(node.inputs), let map = shapes[node.output] else { return nodes.append(node) }
            if node.inputs.contains(where: { selections[$0] != nil }) {
                try graph.budget.spend(map.channels, steps: node.inputs.count, for: node)
                let channels = (0..<map.channels).map { channel(in: node.inputs, starts, at: $0) }
                emit(node, axis: axis, channels.map(resolved))
            } else {
                joins[node.output] = (node.inputs, starts)
                nodes.append(node)
            }
        default:
            nodes.append(node)
        }
    }

    // MARK: Reading

    /// Where each value's channels begin when they are joined; nil when one is no map.
    private func starts(_ values: [ValueID]) -> [Int]? {
        var starts: [Int] = []
        var sum = 0
        for value in values {
            guard let map = shapes[value] else { return nil }
            starts.append(sum)
            sum += map.channels
        }
        return starts
    }

    private func channel(in values: [ValueID], _ starts: [Int], at index: Int) -> Channel {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return Channel(value: values[low], index: index - starts[low])
    }

    /// Where a channel comes from. What selections hold is resolved already, and the parts of a concatenation are no selections.
    private func resolved(_ channel: Channel) -> Channel {
        if let selection = selections[channel.value] { return selection[channel.index] }
        guard let join = joins[channel.value] else { return channel }
        return self.channel(in: join.parts, join.starts, at: channel.index)
    }

    // MARK: Writing

    private mutating func emit(_ node: Node, axis: Int, _ channels: [Channel]) {
        let (values, isWhole) = sources(channels)
        if isWhole && values.count == 1 {
            replacement[node.output] = values[0]
            return
        }
        var node = node
        node.inputs = values
        if isWhole {
            node.operation = .concat(axis: axis)
            joins[node.output] = starts(values).map { (values, $0) }
        } else {
            let starts = Dictionary(uniqueKeysWithValues: zip(values, starts(values) ?? []))
            node.operation = .select(axis: axis, indices: channels.map { (starts[$0.value] ?? 0) + $0.index })
            selections[node.output] = channels
        }
        nodes.append(node)
    }

    /// The values that channels are of, in the order in which they occur, and whether the channels are all of theirs, one value after
    /// another.
    private func sources(_ channels: [Channel]) -> (values: [ValueID], isWhole: Bool) {
        var values: [ValueID] = []
        var known: Set<ValueID> = []
        var isWhole = true
        var expected = Channel(value: -1, index: 0)
        for channel in channels {
            if expected.index == 0 {
                isWhole = isWhole && channel.index == 0 && !known.contains(channel.value)
                expected.value = channel.value
            }
            if known.insert(channel.value).inserted { values.append(channel.value) }
            isWhole = isWhole && channel == expected
            expected.index += 1
            if expected.index >= shapes[channel.value]?.channels ?? 0 { expected.index = 0 }
        }
        return (values, isWhole && expected.index == 0)
    }
}
