extension Pass {
    /// Convolutions with constant weights take them in; products with constant matrices become 1x1 convolutions.
    package static let convertToConvolutions = Pass("convert to convolutions") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            switch node.operation {
            // The weights, and a matrix that has to be transposed first.
            case .conv:
                // A convolution over a vector's channels becomes a matrix.
                let matrix = graph.constant(node, 1)?.shape.count == 3 ? graph.shape(node, 0)?.countPerPicture ?? 0 : 0
                try graph.spend(
                    max(graph.constant(node, 1)?.count ?? 0, matrix.multipliedReportingOverflow(by: matrix).partialValue), for: node)
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
        if graph.shape(node, 1)?.rank == 3 { return overChannels(graph, node, attributes) }
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

    /// A convolution of one dimension along the channels of a vector, [N, 1, C], as a product with a matrix of bands (efficient channel
    /// attention, Wang et al. 2020, https://arxiv.org/abs/1910.03151). The result has as many channels as the vector.
    private static func overChannels(_ graph: Graph, _ node: Node, _ attributes: ConvAttributes) -> Convolution? {
        guard let sizes = graph.shape(node, 0)?.sizesPerPicture, sizes.count == 2, sizes[0] == 1, let source = graph.constant(node, 1),
            source.shape.count == 3, source.shape[0] == 1, source.shape[1] == 1, let weights = source.floats
        else { return nil }
        let (channels, taps) = (sizes[1], source.shape[2])
        let window = attributes.resolved(height: 1, width: channels, kernel: (1, taps)).window
        guard window.kernelWidth == taps, window.strideWidth == 1, window.outputSize(height: 1, width: channels)?.width == channels else {
            return nil
        }
        var bias: Float = 0
        if graph.hasInput(node, 2) {
            guard let given = graph.constant(node, 2)?.floats, given.count == 1 else { return nil }
            bias = given[0]
        }
        var matrix = [Float](repeating: 0, count: channels * channels)
        for output in 0..<channels {
            for tap in 0..<taps {
                let input = output + tap * window.dilationWidth - window.padLeft
                if (0..<channels).contains(input) { matrix[output * channels + input] = weights[tap] }
            }
        }
        return Convolution(
            window: Window(), groups: 1, weights: matrix, bias: [Float](repeating: bias, count: channels), activation: .none)
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
