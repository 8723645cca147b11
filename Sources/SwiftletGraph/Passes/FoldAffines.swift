extension Pass {
    /// Scales and shifts per channel (batch normalization, biases, constant factors) go into the convolution before them, else into the
    /// one behind them.
    package static let foldAffines = Pass("fold affines") { graph throws(GraphError) in
        let producers = graph.producers()
        var uses = graph.useCounts()
        for index in graph.nodes.indices {
            guard let input = graph.nodes[index].inputs.first, let producer = producers[input] else { continue }
            switch (graph.nodes[producer].operation, graph.nodes[index].operation) {
            case (.affine(let first), .affine(let second)):
                guard uses[input] == 1, let merged = first.followed(by: second) else { continue }
                try graph.spend(0, steps: merged.size, for: graph.nodes[index])
                graph.absorb(producer, into: index, .affine(merged))
                // The merged node may fold further back.
                try foldBackward(&graph, index, producers, uses)
            case (.convolution, .affine):
                try foldBackward(&graph, index, producers, uses)
            case (.affine(let affine), .convolution(let convolution)):
                let channels = convolution.inputsPerGroup * convolution.groups
                guard affine.channels == nil || affine.channels == channels, affine.isShiftFree || !convolution.window.isPadded else {
                    continue
                }
                try graph.spend(0, steps: convolution.weights.count, for: graph.nodes[index])
                graph.nodes[index].operation = .convolution(convolution.preceded(by: affine))
                let source = graph.nodes[producer].inputs[0]
                graph.nodes[index].inputs[0] = source
                uses[input] -= 1
                if uses[input] > 0 { uses[source] += 1 }
            default:
                continue
            }
        }
        try graph.removeAliases { _, node throws(GraphError) in
            if case .affine(let affine) = node.operation, affine.isIdentity { node.inputs[0] } else { nil }
        }
    }

    private static func foldBackward(_ graph: inout Graph, _ index: Int, _ producers: [Int?], _ uses: [Int]) throws(GraphError) {
        guard case .affine(let affine) = graph.nodes[index].operation, let producer = producers[graph.nodes[index].inputs[0]],
            uses[graph.nodes[index].inputs[0]] == 1, case .convolution(let convolution) = graph.nodes[producer].operation,
            affine.channels == nil || affine.channels == convolution.outputs
        else { return }
        try graph.spend(0, steps: convolution.weights.count, for: graph.nodes[index])
        graph.absorb(producer, into: index, .convolution(convolution.followed(by: affine)))
        graph.nodes[index].name = graph.nodes[producer].name
        graph.nodes[index].kind = graph.nodes[producer].kind
    }
}

extension Graph {
    /// Lets node `index`, the only reader of what `producer` computes, do the work of both. How often other values are read stays the same.
    /// The producer, which nobody reads any more, gives up its numbers: a long chain would hold them once a node.
    mutating func absorb(_ producer: Int, into index: Int, _ operation: NodeOperation) {
        nodes[index].operation = operation
        nodes[index].inputs = nodes[producer].inputs
        nodes[producer].operation = .identity
    }
}
