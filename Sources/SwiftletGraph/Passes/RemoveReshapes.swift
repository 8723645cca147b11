extension Pass {
    /// Drops reshapes, flattenings, squeezes and transpositions from vector to vector: to `Network` they are one thing.
    package static let removeReshapes = Pass("remove reshapes") { graph throws(GraphError) in
        var shapes = [MapShape?](repeating: nil, count: graph.values.count)
        shapes[graph.input] = graph.inputMapShape
        try graph.removeAliases { graph, node throws(GraphError) in
            let shape = graph.mapShape(of: node, shapes)
            shapes[node.output] = shape
            switch node.operation {
            case .reshape, .flatten, .squeeze, .unsqueeze, .transpose:
                guard let input = node.inputs.first, let source = shapes[input], source.isVector, source == shape else { return nil }
                return input
            default:
                return nil
            }
        }
    }
}
