extension Pass {
    /// Convolutions with constant weights take them in; products with constant matrices become 1x1 convolutions.
    public static let convertToConvolutions = Pass("convert to convolutions") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            switch node.operation {
            // The weights, and a matrix that has to be transposed first.
            case .conv: try graph.spend(graph.constant(node, 1)?.count ?? 0, for: node)
            case .gemm, .matMul: try graph.spend(graph.constant(node, 1)?.count ?? 0, steps: graph.constant(node, 2)?.count ?? 0, for: node)
            default: continue
            }
            let convolution: Convolution? =
                switch node.operation {
                case .conv(let attributes): Pass.convolution(graph, node, attributes)
                case .gemm(let attributes): Pass.linear(graph, node, attributes)
                case .matMul: Pass.linear(graph, node, GemmAttributes())
                default: nil
                }
            if let convolution {
                graph.nodes[index].operation = .convolution(convolution)
                graph.nodes[index].inputs = [node.inputs[0]]
            }
        }
    }

    private static func convolution(_ graph: Graph, _ node: Node, _ attributes: ConvAttributes) -> Convolution? {
        guard attributes.padding == .explicit, !attributes.takesKernelFromWeights, let source = graph.constant(node, 1),
            source.shape.count == 4,
            let weights = source.transposed([0, 2, 3, 1])?.floats
        else { return nil }
        var bias = [Float](repeating: 0, count: source.shape[0])
        if graph.hasInput(node, 2) {
            guard let given = graph.constant(node, 2)?.floats else { return nil }
            bias = given
        }
        return Convolution(window: attributes.window, groups: attributes.groups, weights: weights, bias: bias, activation: .none)
    }

    /// A product of rows, one a picture, with a constant matrix.
    private static func linear(_ graph: Graph, _ node: Node, _ attributes: GemmAttributes) -> Convolution? {
        guard let rows = graph.shape(node, 0), rows.isBatched, rows.vectorAxis != nil, !attributes.transposesA,
            let matrix = graph.constant(node, 1), matrix.shape.count == 2,
            let columns = attributes.transposesB ? matrix : matrix.transposed([1, 0]), var weights = columns.floats
        else { return nil }
        let outputs = columns.shape[0]
        guard outputs > 0, columns.shape[1] > 0, rows.countPerPicture == columns.shape[1] else { return nil }
        if attributes.alpha != 1 { weights = weights.map { $0 * attributes.alpha } }
        var bias = [Float](repeating: 0, count: outputs)
        if graph.hasInput(node, 2), attributes.beta != 0 {
            guard let given = graph.constant(node, 2)?.perChannel(of: [.batch, .fixed(outputs)]), [1, outputs].contains(given.count) else {
                return nil
            }
            bias = bias.indices.map { attributes.beta * Float(given.count == 1 ? given[0] : given[$0]) }
        }
        return Convolution(window: Window(), groups: 1, weights: weights, bias: bias, activation: .none)
    }
}
