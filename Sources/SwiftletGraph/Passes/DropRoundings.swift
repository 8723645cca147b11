extension Pass {
    /// Leaves the grids of a model that is int8 already out, so that it computes in floats. A sum keeps the activation that its grid was in
    /// place of, also where it was transposed or reshaped before.
    package static let dropRoundings = Pass("drop roundings") { graph throws(GraphError) in
        var isSum = [Bool](repeating: false, count: graph.values.count)
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            if case .rounded(let grid) = node.operation {
                let implied = isSum[node.inputs[0]] ? grid.impliedActivation : nil
                graph.nodes[index].operation = implied.map { .activation($0) } ?? .identity
            } else {
                isSum[node.output] = node.operation.isSum || node.operation.onlyMoves && isSum[node.inputs[0]]
            }
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

    fileprivate var onlyMoves: Bool {
        switch self {
        case .transpose, .identity: true
        default: keepsElementOrder
        }
    }
}
