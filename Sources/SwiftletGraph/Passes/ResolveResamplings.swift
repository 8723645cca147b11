extension Pass {
    /// Selections of rows or columns, and maps that are resized, become resamplings: by row and by column of the result, the map's. Linear
    /// interpolation is one with a constant depthwise convolution behind it: see `ResizedAxis`.
    package static let resolveResamplings = Pass("resolve resamplings") { graph throws(GraphError) in
        var nodes: [Node] = []
        var known: [ValueID: Node] = [:]
        for node in graph.nodes {
            for var made in try replacement(for: node, &graph) ?? [node] {
                if let source = made.inputs.first.flatMap({ known[$0] }), let joined = made.operation.reading(source.operation) {
                    (made.operation, made.inputs) = (joined, source.inputs)
                }
                if case .resample = made.operation { known[made.output] = made }
                nodes.append(made)
            }
        }
        graph.nodes = nodes
    }

    /// nil for nodes that stay as they are.
    private static func replacement(for node: Node, _ graph: inout Graph) throws(GraphError) -> [Node]? {
        guard let map = graph.shape(node, 0)?.map else { return nil }
        switch node.operation {
        case .select(let axis, let indices) where axis >= 2 && node.inputs.count == 1:
            let (rows, columns) = (axis == 2 ? indices : Array(0..<map.height), axis == 3 ? indices : Array(0..<map.width))
            try graph.spend(rows.count + columns.count, for: node)
            var node = node
            node.operation = .resample(rows: rows, columns: columns)
            return [node]
        case .resize(let attributes):
            return try resized(node, attributes, map, &graph)
        default:
            return nil
        }
    }

    private static func resized(
        _ node: Node, _ attributes: ResizeAttributes, _ map: (channels: Int, height: Int, width: Int), _ graph: inout Graph
    ) throws(GraphError) -> [Node]? {
        guard let result = graph.values[node.output].shape?.map, result.channels == map.channels else { return nil }
        try graph.spend(32 * (result.height + result.width + map.height + map.width), for: node)
        let scales = try ShapeInference(graph: graph, node: node).resizeScales(attributes)
        guard let rows = ResizedAxis(size: map.height, result: result.height, scale: scales?[2], attributes),
            let columns = ResizedAxis(size: map.width, result: result.width, scale: scales?[3], attributes)
        else { return nil }
        var gather = node
        gather.operation = .resample(rows: rows.positions, columns: columns.positions)
        gather.inputs = [node.inputs[0]]
        if rows.weights.count * columns.weights.count == 1 { return [gather] }
        try graph.spend(map.channels * (rows.weights.count * columns.weights.count + 1), for: node)
        gather.output = graph.addValue(
            graph.values[node.output].name + "/neighbors",
            shape: [.batch, .fixed(map.channels), .fixed(rows.positions.count), .fixed(columns.positions.count)])
        gather.name += "/neighbors"
        var blend = node
        blend.operation = .convolution(.blend(rows, columns, channels: map.channels))
        blend.inputs = [gather.output]
        return [gather, blend]
    }
}

extension NodeOperation {
    /// This resampling of a resampled map as one of the map itself; nil for other operations.
    fileprivate func reading(_ source: NodeOperation) -> NodeOperation? {
        guard case .resample(let rows, let columns) = self, case .resample(let sourceRows, let sourceColumns) = source else { return nil }
        return .resample(rows: rows.map { sourceRows[$0] }, columns: columns.map { sourceColumns[$0] })
    }
}

extension Convolution {
    /// The weighted sum that linear interpolation is of the neighbors that two axes name.
    fileprivate static func blend(_ rows: ResizedAxis, _ columns: ResizedAxis, channels: Int) -> Convolution {
        var window = Window()
        (window.kernelHeight, window.kernelWidth) = (rows.weights.count, columns.weights.count)
        (window.strideHeight, window.strideWidth) = (rows.stride, columns.stride)
        let weights = rows.weights.flatMap { row in columns.weights.map { row * $0 } }
        return Convolution(
            window: window, groups: channels, weights: (0..<channels).flatMap { _ in weights },
            bias: [Float](repeating: 0, count: channels), activation: .none)
    }
}
