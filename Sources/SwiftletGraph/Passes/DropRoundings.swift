extension Pass {
    /// Leaves the grids of a model that is int8 already out, so that it computes in floats.
    package static let dropRoundings = Pass("drop roundings") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            if case .rounded = graph.nodes[index].operation { graph.nodes[index].operation = .identity }
        }
    }
}
