extension Pass {
    /// Zeros around a map become the padding of the convolution or pooling that reads it, values below all others that of a maximum.
    package static let foldPadding = Pass("fold padding") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            guard case .pad = graph.nodes[index].operation, let (window, value) = try padding(graph, graph.nodes[index]), value == 0
            else { continue }
            graph.nodes[index].operation = .zeroPadding(window)
            graph.nodes[index].inputs = [graph.nodes[index].inputs[0]]
        }
        let producers = graph.producers()
        for index in graph.nodes.indices {
            guard let input = graph.nodes[index].inputs.first, let producer = producers[input],
                let (padding, value) = try paddingAround(graph, graph.nodes[producer])
            else { continue }
            let source = graph.nodes[producer].inputs[0]
            switch graph.nodes[index].operation {
            case .convolution(var convolution) where value == 0:
                convolution.window.addPadding(of: padding)
                graph.nodes[index].operation = .convolution(convolution)
            case .pool(var pool):
                let isNonNegative = producers[source].map { graph.nodes[$0].operation.isNonNegative } ?? false
                guard pool.absorb(padding, of: value, inputIsNonNegative: isNonNegative) else { continue }
                graph.nodes[index].operation = .pool(pool)
            default:
                continue
            }
            graph.nodes[index].inputs[0] = source
        }
    }

    /// What a node puts around a map; nil for other nodes.
    private static func paddingAround(_ graph: Graph, _ node: Node) throws(GraphError) -> (Window, value: Float)? {
        switch node.operation {
        case .zeroPadding(let window): (window, 0)
        case .pad: try padding(graph, node)
        default: nil
        }
    }

    /// nil when the node pads elsewhere than around a map, with several values, or crops.
    private static func padding(_ graph: Graph, _ node: Node) throws(GraphError) -> (Window, value: Float)? {
        guard graph.shape(node, 0)?.map != nil else { return nil }
        var fill: Float = 0
        if graph.hasInput(node, 2) {
            guard let values = graph.constant(node, 2)?.floats, let value = values.first, values.allSatisfy({ $0 == value }) else {
                return nil
            }
            fill = value
        }
        let amounts = try PadAmounts(ShapeInference(graph: graph, node: node), rank: 4)
        guard (amounts.before + amounts.after).allSatisfy({ $0 >= 0 }),
            [amounts.before[0], amounts.after[0], amounts.before[1], amounts.after[1]].allSatisfy({ $0 == 0 })
        else { return nil }
        var window = Window()
        (window.padTop, window.padLeft) = (amounts.before[2], amounts.before[3])
        (window.padBottom, window.padRight) = (amounts.after[2], amounts.after[3])
        return (window, fill)
    }
}

extension Window {
    fileprivate mutating func addPadding(of other: Window) {
        padTop += other.padTop
        padLeft += other.padLeft
        padBottom += other.padBottom
        padRight += other.padRight
    }
}

extension Pool {
    /// Whether a padding with `value` in front of this pooling could be made its own. No window may lie in the padding altogether. An
    /// average has to count zeros; a maximum does not see them when the map has no negative values, nor what is below all values.
    fileprivate mutating func absorb(_ padding: Window, of value: Float, inputIsNonNegative: Bool) -> Bool {
        var padded = window
        padded.addPadding(of: padding)
        guard window.dilationHeight * window.dilationWidth == 1, max(padded.padTop, padded.padBottom) < window.kernelHeight,
            max(padded.padLeft, padded.padRight) < window.kernelWidth
        else { return false }
        switch kind {
        case .average:
            guard value == 0, countsPadding || !window.isPadded else { return false }
            countsPadding = true
        case .max:
            guard value <= -Float.greatestFiniteMagnitude / 4 || (value <= 0 && inputIsNonNegative && !window.isPadded) else {
                return false
            }
        }
        window = padded
        return true
    }
}

extension NodeOperation {
    fileprivate var isNonNegative: Bool {
        switch self {
        case .activation(.relu), .activation(.hardSigmoid), .activation(.sigmoid): true
        case .activation(.clip(let low, _)): low >= 0
        default: false
        }
    }
}
