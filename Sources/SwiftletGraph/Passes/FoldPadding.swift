extension Pass {
    /// Zeros around a map become the padding of the convolution or pooling that reads it.
    public static let foldPadding = Pass("fold padding") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            guard case .pad = graph.nodes[index].operation, let window = try zeroPadding(graph, graph.nodes[index]) else { continue }
            graph.nodes[index].operation = .zeroPadding(window)
            graph.nodes[index].inputs = [graph.nodes[index].inputs[0]]
        }
        let producers = graph.producers()
        for index in graph.nodes.indices {
            guard let input = graph.nodes[index].inputs.first, let producer = producers[input],
                case .zeroPadding(let padding) = graph.nodes[producer].operation
            else { continue }
            let source = graph.nodes[producer].inputs[0]
            switch graph.nodes[index].operation {
            case .convolution(var convolution):
                convolution.window.addPadding(of: padding)
                graph.nodes[index].operation = .convolution(convolution)
            case .pool(var pool):
                let isNonNegative = producers[source].map { graph.nodes[$0].operation.isNonNegative } ?? false
                guard pool.absorb(padding, inputIsNonNegative: isNonNegative) else { continue }
                graph.nodes[index].operation = .pool(pool)
            default:
                continue
            }
            graph.nodes[index].inputs[0] = source
        }
    }

    /// nil when the node pads with something else than zeros, elsewhere than around a map, or crops.
    private static func zeroPadding(_ graph: Graph, _ node: Node) throws(GraphError) -> Window? {
        guard graph.shape(node, 0)?.map != nil else { return nil }
        if graph.hasInput(node, 2) {
            guard let value = graph.constant(node, 2)?.floats, value.allSatisfy({ $0 == 0 }) else { return nil }
        }
        let amounts = try PadAmounts(ShapeInference(graph: graph, node: node), rank: 4)
        guard (amounts.before + amounts.after).allSatisfy({ $0 >= 0 }),
            [amounts.before[0], amounts.after[0], amounts.before[1], amounts.after[1]].allSatisfy({ $0 == 0 })
        else { return nil }
        var window = Window()
        (window.padTop, window.padLeft) = (amounts.before[2], amounts.before[3])
        (window.padBottom, window.padRight) = (amounts.after[2], amounts.after[3])
        return window
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
    /// Whether zeros in front of this pooling could be made its padding. No window may lie in the padding altogether. An average
    /// has to count them; a maximum does not see them when the map has no negative values.
    fileprivate mutating func absorb(_ padding: Window, inputIsNonNegative: Bool) -> Bool {
        var padded = window
        padded.addPadding(of: padding)
        guard window.dilationHeight * window.dilationWidth == 1, max(padded.padTop, padded.padBottom) < window.kernelHeight,
            max(padded.padLeft, padded.padRight) < window.kernelWidth
        else { return false }
        switch kind {
        case .average:
            guard countsPadding || !window.isPadded else { return false }
            countsPadding = true
        case .max:
            guard inputIsNonNegative, !window.isPadded else { return false }
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
