extension Pass {
    /// Drops roundings of values that lie on the grid already, also behind what hands values on: exporters repeat a grid there. Without its
    /// like on both sides, a padding or a pooling is free to become part of its neighbors. A grid of nothing becomes a product with 0.
    package static let settleRoundings = Pass("settle roundings") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            guard case .rounded(let grid) = graph.nodes[index].operation, grid.isNothing else { continue }
            graph.nodes[index].operation = .binary(.multiply)
            graph.nodes[index].inputs.append(graph.addComputed(Constant(0)))
        }
        // By value, the grid that it lies on.
        var grids: [ValueID: PublishedGrid] = [:]
        try graph.removeAliases { graph, node throws(GraphError) in
            guard let input = node.inputs.first else { return nil }
            if case .rounded(let grid) = node.operation {
                if let known = grids[input], known.hasValues(of: grid) { return input }
                grids[node.output] = grid
            } else if let grid = grids[input], !grid.isPerAxis, keeps(grid, node, in: graph, grids) {
                grids[node.output] = grid
            }
            return nil
        }
    }

    /// Whether the node's results lie on the grid of its input.
    private static func keeps(_ grid: PublishedGrid, _ node: Node, in graph: Graph, _ grids: [ValueID: PublishedGrid]) -> Bool {
        switch node.operation {
        case .reshape, .flatten, .squeeze, .unsqueeze, .transpose, .identity, .dropout, .slice, .split, .gather, .expand, .tile,
            .activation(.relu):
            true
        case .windowedPool(let attributes):
            attributes.kind == .max
        case .pad:
            !graph.hasInput(node, 2) || graph.constant(node, 2)?.floats?.allSatisfy { $0 == 0 } ?? false
        case .concat:
            node.inputs.allSatisfy { grids[$0]?.hasValues(of: grid) ?? false }
        default:
            false
        }
    }
}
