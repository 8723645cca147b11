extension Pass {
    /// Slices, parts of a split and gatherings of some positions along one axis, and shuffles (reshape, transpose, reshape back) become
    /// selections: see `NodeOperation.select`.
    package static let recognizeSelections = Pass("recognize selections") { graph throws(GraphError) in
        let producers = graph.producers()
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            var found = try selection(graph, node)
            if found == nil { found = try shuffle(graph, node, producers) }
            guard let selection = found else { continue }
            try graph.spend(selection.indices.count, for: node)
            graph.nodes[index].operation = .select(axis: selection.axis, indices: selection.indices)
            graph.nodes[index].inputs = [selection.source]
        }
    }

    private typealias Selection = (source: ValueID, axis: Int, indices: [Int])

    /// nil for what takes all, or selects along several axes.
    private static func selection(_ graph: Graph, _ node: Node) throws(GraphError) -> Selection? {
        guard let shape = graph.shape(node, 0), let result = graph.values[node.output].shape, result.rank == shape.rank else { return nil }
        let inference = ShapeInference(graph: graph, node: node)
        switch node.operation {
        case .slice:
            let sizes = shape.dimensions.map { $0.size ?? 1 }
            let steps = try inference.sliceSteps(sizes: sizes)
            let axes = shape.dimensions.indices.filter { !steps[$0].isWhole(of: sizes[$0]) }
            guard let axis = axes.first, axes.count == 1 else { return nil }
            try graph.checkRoom(for: steps[axis].count, node)
            return (node.inputs[0], axis, (0..<steps[axis].count).map { steps[axis].start + $0 * steps[axis].step })
        case .split(let axis, let index, let count):
            let axis = try inference.resolved(axis: axis, rank: shape.rank)
            guard let size = shape[axis].size else { return nil }
            let range = try inference.splitRange(size: size, index: index, count: count)
            try graph.checkRoom(for: range.count, node)
            return (node.inputs[0], axis, Array(range))
        case .gather(let axis):
            let axis = try inference.resolved(axis: axis, rank: shape.rank)
            guard let size = shape[axis].size, let constant = graph.constant(node, 1), constant.shape.count == 1,
                let positions = constant.integers
            else { return nil }
            return (node.inputs[0], axis, positions.map { $0 < 0 ? $0 + size : $0 })
        default:
            return nil
        }
    }

    // MARK: Shuffles

    /// A reshape that splits one axis, a transposition among the parts, and a reshape back: a permutation of that axis.
    private static func shuffle(_ graph: Graph, _ node: Node, _ producers: [Int?]) throws(GraphError) -> Selection? {
        guard node.operation.keepsElementOrder, let last = producers[node.inputs[0]],
            case .transpose(let permutation?) = graph.nodes[last].operation, let first = producers[graph.nodes[last].inputs[0]],
            graph.nodes[first].operation.keepsElementOrder, let shape = graph.shape(graph.nodes[first], 0),
            let parts = graph.values[graph.nodes[first].output].shape, graph.values[node.output].shape == shape,
            let axis = splitAxis(of: shape, into: parts)
        else { return nil }
        let factors = axis..<axis + 1 + parts.rank - shape.rank
        guard permutation.indices.allSatisfy({ factors.contains($0) || permutation[$0] == $0 }) else { return nil }
        let sizes = factors.compactMap { parts[$0].size }
        guard sizes.count == factors.count, let count = sizes.checkedProduct, count == shape[axis].size else { return nil }
        try graph.checkRoom(for: count, node)
        let strides = rowMajorStrides(sizes)
        let moved = factors.map { permutation[$0] - axis }
        let offsets = StridedOffsets(shape: moved.map { sizes[$0] }, strides: moved.map { strides[$0] })
        return (graph.nodes[first].inputs[0], axis, Array(offsets))
    }

    /// The axis of `shape` that several of `parts` are factors of, all others being the same.
    private static func splitAxis(of shape: Shape, into parts: Shape) -> Int? {
        guard parts.rank > shape.rank else { return nil }
        let axis = zip(shape.dimensions, parts.dimensions).prefix { $0 == $1 }.count
        guard axis < shape.rank else { return nil }
        let behind = shape.rank - axis - 1
        return shape.dimensions.suffix(behind).elementsEqual(parts.dimensions.suffix(behind)) ? axis : nil
    }
}

extension Graph {
    /// Whether the budget has `count` elements left, before they are made.
    fileprivate func checkRoom(for count: Int, _ node: Node) throws(GraphError) {
        var budget = budget
        try budget.spend(count, for: node)
    }
}
