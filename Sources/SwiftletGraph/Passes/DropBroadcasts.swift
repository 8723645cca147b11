extension Pass {
    /// Drops expansions that the arithmetic behind them does anyway: `x * gate.expand_as(x)` is `x * gate`. A map of one position that is
    /// resized is such an expansion, too.
    package static let dropBroadcasts = Pass("drop broadcasts") { graph throws(GraphError) in
        let expansions = graph.nodes.filter { isExpansion($0, in: graph) }
        guard !expansions.isEmpty else { return }
        var readers: [ValueID: [Int]] = [:]
        for (index, node) in graph.nodes.enumerated() {
            for input in Set(node.inputs) { readers[input, default: []].append(index) }
        }
        let results = Set(graph.outputs.map(\.value))
        for expansion in expansions where !results.contains(expansion.output) {
            let source = expansion.inputs[0]
            guard let indices = readers[expansion.output],
                indices.allSatisfy({ graph.keepsShape(of: $0, reading: source, for: expansion.output) })
            else { continue }
            for index in indices {
                graph.nodes[index].inputs = graph.nodes[index].inputs.map { $0 == expansion.output ? source : $0 }
                readers[source, default: []].append(index)
            }
        }
    }

    private static func isExpansion(_ node: Node, in graph: Graph) -> Bool {
        guard let source = graph.shape(node, 0), let result = graph.values[node.output].shape else { return false }
        switch node.operation {
        case .expand: return true
        // Along axes of extent 1 only.
        case .tile, .resize:
            return source.rank == result.rank && zip(source.dimensions, result.dimensions).allSatisfy { $0 == $1 || $0 == 1 }
        default: return false
        }
    }
}

extension Graph {
    /// Whether the arithmetic of node `index` gives a result of the same shape when it reads `source` in place of `value`.
    fileprivate func keepsShape(of index: Int, reading source: ValueID, for value: ValueID) -> Bool {
        guard case .binary = nodes[index].operation else { return false }
        let shapes = nodes[index].inputs.compactMap { values[$0 == value ? source : $0].shape }
        guard shapes.count == 2, let result = values[nodes[index].output].shape else { return false }
        return (try? ShapeInference(graph: self, node: nodes[index]).broadcast(shapes[0], shapes[1])) == result
    }
}
