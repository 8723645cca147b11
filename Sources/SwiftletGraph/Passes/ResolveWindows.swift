extension Pass {
    /// Gives every window explicit padding (`auto_pad`, `ceil_mode`), and turns means over the whole map, however they are spelled, into
    /// global average pooling.
    public static let resolveWindows = Pass("resolve windows") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            guard let map = graph.shape(node, 0)?.map else { continue }
            switch node.operation {
            case .conv(let attributes):
                guard let kernel = graph.shape(node, 1)?.dimensions.compactMap(\.size), kernel.count == 4 else { continue }
                let resolved = attributes.resolved(height: map.height, width: map.width, kernel: (kernel[2], kernel[3]))
                graph.nodes[index].operation = .conv(resolved)
            case .windowedPool(let attributes):
                if let operation = resolved(attributes, height: map.height, width: map.width) {
                    graph.nodes[index].operation = operation
                }
            case .reduceMean:
                if let axes = graph.constant(node, 1)?.integers, Set(axes.map { $0 < 0 ? $0 + 4 : $0 }) == [2, 3] {
                    graph.nodes[index].operation = .globalAveragePool
                    graph.nodes[index].inputs = [node.inputs[0]]
                }
            default:
                break
            }
        }
    }

    /// nil for an average that counts its padding, but not the padding that rounding up adds: `Pool` cannot say that.
    private static func resolved(_ attributes: PoolAttributes, height: Int, width: Int) -> NodeOperation? {
        let given = attributes.window.resolved(attributes.padding, height: height, width: width)
        let window = attributes.roundsUp ? given.roundedUp(height: height, width: width) : given
        let coversMap = window.kernelHeight == height && window.kernelWidth == width && window.dilationHeight * window.dilationWidth == 1
        if attributes.kind == .average && !window.isPadded && coversMap { return .globalAveragePool }
        let countsPadding = attributes.countsPadding && window.isPadded
        if attributes.kind == .average && countsPadding && window != given { return nil }
        return .pool(Pool(kind: attributes.kind, window: window, countsPadding: countsPadding))
    }
}
