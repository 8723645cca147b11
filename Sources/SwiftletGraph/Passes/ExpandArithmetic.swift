extension Pass {
    /// Writes arithmetic that later passes do not know in terms of what they know: differences as sums, negations as products, squares as
    /// products, and a slope per channel for negative values as what it adds to a ReLU.
    package static let expandArithmetic = Pass("expand arithmetic") { graph throws(GraphError) in
        var expander = ArithmeticExpander(graph: graph)
        for node in graph.nodes { try expander.visit(node) }
        graph = expander.graph
        graph.nodes = expander.nodes
    }
}

private struct ArithmeticExpander {
    var graph: Graph
    var nodes: [Node] = []

    mutating func visit(_ node: Node) throws(GraphError) {
        switch node.operation {
        case .unary(.negative):
            nodes.append(node.with(.affine(Affine(scale: [-1])), [node.inputs[0]]))
        case .binary(.subtract) where node.inputs.count == 2 && graph.constant(node, 0) == nil && graph.constant(node, 1) == nil:
            let negated = append(node, "/negated", .affine(Affine(scale: [-1])), [node.inputs[1]])
            nodes.append(node.with(.binary(.add), [node.inputs[0], negated]))
        case .binary(.power) where graph.constant(node, 1)?.count == 1 && graph.constant(node, 1)?.floats?.first == 2:
            nodes.append(node.with(.binary(.multiply), [node.inputs[0], node.inputs[0]]))
        case .prelu:
            try visitSlopes(node)
        default:
            nodes.append(node)
        }
    }

    /// slope * x + (1 - slope) * max(x, 0), per channel.
    private mutating func visitSlopes(_ node: Node) throws(GraphError) {
        guard let shape = graph.shape(node, 0), let constant = graph.constant(node, 1) else { return nodes.append(node) }
        try graph.spend(4 * constant.count, for: node)
        guard let slopes = constant.perChannel(of: shape), slopes.allSatisfy(\.isFinite) else { return nodes.append(node) }
        if slopes.count == 1 {
            return nodes.append(node.with(.activation(.leakyRelu(slope: Float(slopes[0]))), [node.inputs[0]]))
        }
        let zeros = [Double](repeating: 0, count: slopes.count)
        let positive = append(node, "/positive", .activation(.relu), [node.inputs[0]])
        let raised = append(node, "/raised", .affine(Affine(scale: slopes.map { 1 - $0 }, shift: zeros)), [positive])
        let sloped = append(node, "/sloped", .affine(Affine(scale: slopes, shift: zeros)), [node.inputs[0]])
        nodes.append(node.with(.binary(.add), [sloped, raised]))
    }

    /// A node beside `node`, of the same shape, and named after it.
    private mutating func append(_ node: Node, _ suffix: String, _ operation: NodeOperation, _ inputs: [ValueID]) -> ValueID {
        let output = graph.addValue(graph.values[node.output].name + suffix, shape: graph.values[inputs[0]].shape)
        nodes.append(Node(name: node.name + suffix, kind: node.kind, operation: operation, inputs: inputs, output: output))
        return output
    }
}

extension Node {
    /// This node's name and output with another operation.
    fileprivate func with(_ operation: NodeOperation, _ inputs: [ValueID]) -> Node {
        var node = self
        (node.operation, node.inputs) = (operation, inputs)
        return node
    }
}
