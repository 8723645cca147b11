extension Pass {
    /// Drops nodes that hand their input on: identity, dropout, casts between float types, reshapes to the same shape, padding by nothing,
    /// transpositions that keep the order, a concatenation of one.
    public static let removeIdentities = Pass("remove identities") { graph throws(GraphError) in
        try graph.removeAliases { graph, node throws(GraphError) in
            guard let input = node.inputs.first, isIdentity(node, in: graph) else { return nil }
            return input
        }
    }

    private static func isIdentity(_ node: Node, in graph: Graph) -> Bool {
        switch node.operation {
        case .identity, .cast(toInteger: false):
            true
        case .reshape, .flatten, .squeeze, .unsqueeze:
            graph.shape(node, 0) == graph.values[node.output].shape
        case .pad:
            graph.constant(node, 1)?.integers?.allSatisfy { $0 == 0 } ?? false
        case .transpose(let permutation?):
            permutation == Array(permutation.indices)
        case .concat:
            node.inputs.count == 1
        default:
            false
        }
    }
}
