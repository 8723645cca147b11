extension Pass {
    /// Makes each rounding a property of the value that it rounds: whoever reads the value finds it on the grid. Other roundings stay
    /// layers of their own, which do nothing but that: of values that something reads as they are, and second ones of values on a grid.
    /// - Parameter everywhere: whether a value is on its grid also for those that read it as it is.
    package static func attachGrids(everywhere: Bool) -> Pass {
        Pass("attach grids") { graph throws(GraphError) in
            let shapes = graph.mapShapes()
            let attachable = everywhere ? Set(graph.values.indices) : graph.valuesRoundedForAll()
            var grids: [ValueID: PublishedGrid] = [:]
            try graph.removeAliases { graph, node throws(GraphError) in
                guard case .rounded(let grid) = node.operation else { return nil }
                let value = node.inputs[0]
                guard let grid = channelGrid(grid, of: graph.values[value], channels: shapes[value]?.channels) else { return value }
                if grids[value] == nil ? attachable.contains(value) : grids[value]?.hasValues(of: grid) ?? false {
                    grids[value] = grid
                    return value
                }
                grids[node.output] = grid
                return nil
            }
            for (value, grid) in grids { graph.values[value].grid = grid }
            for index in graph.nodes.indices {
                if case .rounded = graph.nodes[index].operation { graph.nodes[index].operation = .activation(.none) }
            }
        }
    }

    /// The grid as one of channels; nil for one of another axis, which no layer could keep to.
    private static func channelGrid(_ grid: PublishedGrid, of value: Value, channels: Int?) -> PublishedGrid? {
        guard grid.isPerAxis else { return grid }
        guard let axis = grid.axis, let shape = value.shape, channels == grid.scales.count else { return nil }
        let counted = axis < 0 ? axis + shape.rank : axis
        return counted == 1 || counted == shape.vectorAxis ? grid : nil
    }
}

extension Graph {
    /// Values that nothing reads but roundings to one grid.
    fileprivate func valuesRoundedForAll() -> Set<ValueID> {
        let uses = useCounts()
        var grids: [ValueID: PublishedGrid] = [:]
        var readers = [Int](repeating: 0, count: values.count)
        for node in nodes {
            guard case .rounded(let grid) = node.operation else { continue }
            let value = node.inputs[0]
            if grids[value].map({ $0.hasValues(of: grid) }) ?? true { readers[value] += 1 }
            if grids[value] == nil { grids[value] = grid }
        }
        return Set(grids.keys.filter { readers[$0] == uses[$0] })
    }
}
