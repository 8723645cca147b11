extension Pass {
    /// Makes each rounding a property of the value that it rounds: whoever reads the value finds it on the grid. A second grid of a value
    /// stays a layer of its own, which does nothing but that.
    package static let attachGrids = Pass("attach grids") { graph throws(GraphError) in
        let shapes = graph.mapShapes()
        var grids: [ValueID: PublishedGrid] = [:]
        try graph.removeAliases { graph, node throws(GraphError) in
            guard case .rounded(let grid) = node.operation else { return nil }
            let value = node.inputs[0]
            guard let grid = channelGrid(grid, of: graph.values[value], channels: shapes[value]?.channels) else { return value }
            if let known = grids[value], !known.hasValues(of: grid) {
                grids[node.output] = grid
                return nil
            }
            grids[value] = grid
            return value
        }
        for (value, grid) in grids { graph.values[value].grid = grid }
        for index in graph.nodes.indices {
            if case .rounded = graph.nodes[index].operation { graph.nodes[index].operation = .activation(.none) }
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
