extension Pass {
    /// Leaves the grids of a model that is int8 already out, so that it computes in floats. A sum keeps the activation that its grid was in
    /// place of.
    package static let dropRoundings = Pass("drop roundings") { graph throws(GraphError) in
        let producers = graph.producers()
        for index in graph.nodes.indices {
            guard case .rounded(let grid) = graph.nodes[index].operation else { continue }
            let isSum = producers[graph.nodes[index].inputs[0]].map { graph.nodes[$0].operation.isSum } ?? false
            graph.nodes[index].operation = (isSum ? grid.impliedActivation : nil).map { .activation($0) } ?? .identity
        }
    }
}

extension NodeOperation {
    fileprivate var isSum: Bool {
        switch self {
        case .conv, .gemm, .matMul, .binary(.add): true
        default: false
        }
    }
}
