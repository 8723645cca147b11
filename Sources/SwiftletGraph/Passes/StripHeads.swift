extension Pass {
    /// Takes off what models do to their logits before they give them out, and remembers it: see `Head`.
    package static let stripHeads = Pass("strip heads") { graph throws(GraphError) in
        let producers = graph.producers()
        for index in graph.outputs.indices {
            while let head = lastHead(graph, graph.outputs[index].value, producers), graph.outputs[index].head.mayFollow(head.kind) {
                graph.outputs[index].value = head.input
                graph.outputs[index].head = head.kind
            }
        }
        graph.mergeOutputs()
    }

    /// The head that ends in `value`, behind it at most reshapes and casts.
    private static func lastHead(_ graph: Graph, _ value: ValueID, _ producers: [Int?]) -> (input: ValueID, kind: Head)? {
        var value = value
        while let producer = producers[value] {
            let node = graph.nodes[producer]
            if let kind = head(node, in: graph) { return (node.inputs[0], kind) }
            switch node.operation {
            case .reshape, .flatten, .squeeze, .unsqueeze, .cast, .identity, .rounded: value = node.inputs[0]
            default: return nil
            }
        }
        return nil
    }

    /// What kind of head a node is that works on one vector a picture, along its elements.
    private static func head(_ node: Node, in graph: Graph) -> Head? {
        guard let shape = graph.shape(node, 0), let vectorAxis = shape.vectorAxis else { return nil }
        func isAlongVector(_ axis: Int) -> Bool { (axis < 0 ? axis + shape.rank : axis) == vectorAxis }
        switch node.operation {
        case .softmax(let axis, let flattensRest):
            return isAlongVector(axis) || (flattensRest && [1, 1 - shape.rank].contains(axis)) ? .softmax : nil
        case .answer(let head, let axis, _):
            return isAlongVector(axis) ? head : nil
        case .activation(.sigmoid):
            return .sigmoid
        default:
            return nil
        }
    }
}

extension Graph {
    /// Several outputs may come from the same logits: probabilities and the best class, the largest values and their indices.
    fileprivate mutating func mergeOutputs() {
        var kept: [GraphOutput] = []
        for output in outputs {
            if let index = kept.firstIndex(where: { $0.value == output.value && output.head != .none && $0.head != .none }) {
                // The one that says how logits become probabilities.
                if kept[index].head == .argMax || kept[index].head == .topK { kept[index].head = output.head }
            } else {
                kept.append(output)
            }
        }
        outputs = kept
    }
}

extension Head {
    /// Whether a model may have `inner` first and this head behind it: the best class of a softmax's shares, but no softmax of shares.
    fileprivate func mayFollow(_ inner: Head) -> Bool {
        switch self {
        case .none: true
        case .argMax, .topK: inner != .argMax && inner != .topK
        case .softmax, .logSoftmax, .sigmoid: false
        }
    }
}
