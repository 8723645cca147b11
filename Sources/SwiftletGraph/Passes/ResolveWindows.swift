extension Pass {
    /// Gives every window explicit padding (`auto_pad`, `ceil_mode`), and turns reductions over height and width, however they are spelled,
    /// into poolings.
    package static let resolveWindows = Pass("resolve windows") { graph throws(GraphError) in
        let sources = graph.reshapingSources()
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            switch node.operation {
            case .conv(let attributes):
                guard let map = graph.shape(node, 0)?.map, let kernel = graph.shape(node, 1)?.dimensions.compactMap(\.size),
                    kernel.count == 4
                else { continue }
                let resolved = attributes.resolved(height: map.height, width: map.width, kernel: (kernel[2], kernel[3]))
                graph.nodes[index].operation = .conv(resolved)
            case .windowedPool(let attributes):
                guard let map = graph.shape(node, 0)?.map else { continue }
                if let operation = resolved(attributes, height: map.height, width: map.width) {
                    graph.nodes[index].operation = operation
                }
            case .reduce(let reduction, _):
                guard let (source, operation) = pooling(graph, node, reduction, sources) else { continue }
                graph.nodes[index].operation = operation
                graph.nodes[index].inputs = [source]
            default:
                break
            }
        }
    }

    // MARK: Reductions

    /// The pooling that a mean or maximum over height, width or both is, and the map that it reads.
    private static func pooling(
        _ graph: Graph, _ node: Node, _ reduction: Reduction, _ sources: [ValueID]
    ) -> (source: ValueID, operation: NodeOperation)? {
        guard let shape = graph.shape(node, 0), let axes = try? ShapeInference(graph: graph, node: node).reducedAxes(rank: shape.rank)
        else {
            return nil
        }
        if let map = shape.map {
            let reduced = axes.filter { shape[$0] != 1 }
            guard reduced.isSubset(of: [2, 3]) else { return nil }
            let (height, width) = (reduced.contains(2) ? map.height : 1, reduced.contains(3) ? map.width : 1)
            return whole(reduction, height, width, of: map).map { (node.inputs[0], $0) }
        }
        // [N, C, H * W], made of a map.
        let source = sources[node.inputs[0]]
        guard shape.rank == 3, axes == [2], let map = graph.values[source].shape?.map, shape[1] == .fixed(map.channels),
            shape[2] == .fixed(map.height * map.width)
        else { return nil }
        return whole(reduction, map.height, map.width, of: map).map { (source, $0) }
    }

    /// A pooling over windows of all rows, all columns or both.
    private static func whole(
        _ reduction: Reduction, _ height: Int, _ width: Int, of map: (channels: Int, height: Int, width: Int)
    ) -> NodeOperation? {
        var window = Window()
        (window.kernelHeight, window.kernelWidth) = (height, width)
        switch reduction {
        case .mean where height == map.height && width == map.width: return .globalAveragePool
        case .mean: return .pool(Pool(kind: .average, window: window, countsPadding: false))
        case .maximum: return .pool(Pool(kind: .max, window: window, countsPadding: false))
        default: return nil
        }
    }

    // MARK: Windows

    /// nil for an average that counts its padding, but not the padding that rounding up adds: `Pool` cannot say that.
    private static func resolved(_ attributes: PoolAttributes, height: Int, width: Int) -> NodeOperation? {
        let given = attributes.window.resolved(attributes.padding, height: height, width: width)
        let window = attributes.roundsUp ? given.roundedUp(height: height, width: width) : given
        let coversMap = window.kernelHeight == height && window.kernelWidth == width && window.dilationHeight * window.dilationWidth == 1
        if attributes.kind == .average && !window.isPadded && coversMap { return .globalAveragePool }
        let countsPadding = attributes.countsPadding && given.isPadded
        if attributes.kind == .average && countsPadding && window != given { return nil }
        return .pool(Pool(kind: attributes.kind, window: window, countsPadding: countsPadding))
    }
}
