extension Pass {
    /// Infers the shape of every value and computes every node that depends on nothing but the model file, the batch standing as a symbol.
    /// What exporters write as Shape → Slice → Concat → Reshape becomes a Reshape to a constant.
    package static let foldConstants = Pass("fold constants") { graph throws(GraphError) in
        graph.removeDeadNodes()
        guard graph.values[graph.input].shape?.isPlausible == true else {
            throw .invalid(node: graph.values[graph.input].name, reason: "the input's shape is empty or too large")
        }
        var unsupported: [UnsupportedNode] = []
        for node in graph.nodes where graph.values[node.output].constant == nil {
            do throws(GraphError) {
                // Indices, lengths and shapes are looked at once a node, however many nodes share them.
                try graph.spend(0, steps: node.inputs.reduce(0) { $0 + (graph.values[$1].constant?.count ?? 0) }, for: node)
                let constant = try ConstantEvaluation(graph: graph, node: node).constant(&graph.budget)
                if let constant {
                    graph.values[node.output].constant = constant
                    graph.values[node.output].shape = Shape(fixed: constant.shape)
                    continue
                }
                if case .unsupported(let reason) = node.operation {
                    throw .unsupported([UnsupportedNode(name: node.name, kind: node.kind, reason: reason)])
                }
                // A missing shape is the consequence of a node that is listed already.
                guard node.inputs.allSatisfy({ graph.values[$0].shape != nil }) else { continue }
                let shape = try ShapeInference(graph: graph, node: node).shape()
                guard shape.isPlausible else { throw .invalid(node: node.name, reason: "its output \(shape) is empty or too large") }
                graph.values[node.output].shape = graph.batched(shape)
            } catch .unsupported(let nodes) {
                unsupported += nodes
            }
        }
        guard unsupported.isEmpty else { throw .unsupported(unsupported) }
        graph.nodes.removeAll { graph.values[$0.output].constant != nil }
    }
}

extension Graph {
    /// A shape of one picture that has an axis of extent 1 in front again has its batch there: models that are exported for one picture may
    /// leave the batch out in between.
    fileprivate func batched(_ shape: Shape) -> Shape {
        guard declaredBatch == 1, shape.rank >= 2, shape[0] == 1, !shape.dimensions.contains(.batch) else { return shape }
        return Shape([.batch] + shape.dimensions.dropFirst())
    }
}
