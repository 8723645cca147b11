extension Pass {
    /// A residual addition and an activation behind a convolution become part of it, an activation behind an addition part of that, as long
    /// as nothing else reads what is in between.
    package static let fuseEpilogues = Pass("fuse epilogues") { graph throws(GraphError) in
        let producers = graph.producers()
        let uses = graph.useCounts()
        let shapes = graph.mapShapes()
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            switch node.operation {
            case .activation(let activation):
                guard uses[node.inputs[0]] == 1, let producer = producers[node.inputs[0]],
                    let fused = graph.nodes[producer].operation.followed(by: activation)
                else { continue }
                graph.fuse(producer, into: index, fused)
            case .add(.none):
                guard shapes[node.inputs[0]] == shapes[node.inputs[1]] else { continue }
                // The later of two convolutions takes the other's result as its residual: the earlier one is often a shortcut.
                let candidates = [0, 1].compactMap { position -> (producer: Int, residual: ValueID)? in
                    guard uses[node.inputs[position]] == 1, let producer = producers[node.inputs[position]],
                        case .convolution(let convolution) = graph.nodes[producer].operation, convolution.activation == .none,
                        graph.nodes[producer].inputs.count == 1
                    else { return nil }
                    return (producer, node.inputs[1 - position])
                }
                guard let best = candidates.max(by: { $0.producer < $1.producer }) else { continue }
                graph.fuse(best.producer, into: index, graph.nodes[best.producer].operation)
                graph.nodes[index].inputs.append(best.residual)
            default:
                continue
            }
        }
    }
}

extension Graph {
    /// As `absorb`; the node also takes the name of the one that it absorbs.
    fileprivate mutating func fuse(_ producer: Int, into index: Int, _ operation: NodeOperation) {
        absorb(producer, into: index, operation)
        nodes[index].name = nodes[producer].name
        nodes[index].kind = nodes[producer].kind
    }
}

extension NodeOperation {
    /// nil when this takes no activation, or has one.
    fileprivate func followed(by activation: Activation) -> NodeOperation? {
        switch self {
        case .convolution(var convolution) where convolution.activation == .none:
            convolution.activation = activation
            return .convolution(convolution)
        case .add(.none):
            return .add(activation)
        default:
            return nil
        }
    }
}
