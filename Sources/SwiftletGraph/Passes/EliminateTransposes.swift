extension Pass {
    /// Brings maps into NCHW where the source keeps them otherwise. Exports from TensorFlow have an NHWC input, transpose it, and may
    /// transpose back for element-wise operators and means. Transpositions are carried along past such operators until they meet their
    /// inverse; what cannot be carried stays behind (and is an alias when it moves a vector).
    package static let eliminateTransposes = Pass("eliminate transposes") { graph throws(GraphError) in
        guard graph.nodes.contains(where: { if case .transpose = $0.operation { true } else { false } }) else { return }
        var carrier = TransposeCarrier(graph)
        graph = try carrier.result()
    }
}

/// The work of `Pass.eliminateTransposes`.
private struct TransposeCarrier {
    /// A value as a transposition of another: axis i is axis `permutation[i]` of `base`.
    struct View {
        var base: ValueID
        var permutation: [Int]

        var isIdentity: Bool { permutation == Array(permutation.indices) }

        var inverse: [Int] {
            var inverse = permutation
            for (axis, source) in permutation.enumerated() { inverse[source] = axis }
            return inverse
        }
    }

    var graph: Graph
    var views: [ValueID: View] = [:]
    var nodes: [Node] = []
    /// Views that a transpose node among `nodes` computes.
    var materialized: Set<ValueID> = []

    init(_ graph: Graph) {
        self.graph = graph
    }

    mutating func result() throws(GraphError) -> Graph {
        adoptChannelsLastInput()
        for node in graph.nodes { try visit(node) }
        for index in graph.outputs.indices { graph.outputs[index].value = materialize(graph.outputs[index].value) }
        graph.nodes = nodes
        return graph
    }

    /// Replaces an input [N, H, W, C] by [N, C, H, W] and notes the old one as its view.
    private mutating func adoptChannelsLastInput() {
        guard isInputChannelsLast, let map = graph.values[graph.input].shape?.map else { return }
        let name = graph.values[graph.input].name
        let input = graph.addValue(name, shape: [.batch, .fixed(map.width), .fixed(map.channels), .fixed(map.height)])
        views[graph.input] = View(base: input, permutation: [0, 2, 3, 1])
        graph.input = input
    }

    /// Whether the input is first of all, but for arithmetic such as normalization, brought from NHWC into NCHW.
    private var isInputChannelsLast: Bool {
        var reached: Set<ValueID> = [graph.input]
        for node in graph.nodes where node.inputs.contains(where: reached.contains) {
            switch node.operation {
            case .transpose(let permutation): return permutation == [0, 3, 1, 2]
            case .activation, .rounded, .clip, .binary, .unary, .pad: reached.insert(node.output)
            default: return false
            }
        }
        return false
    }

    private mutating func visit(_ node: Node) throws(GraphError) {
        switch node.operation {
        case .transpose(let permutation):
            guard let input = node.inputs.first, let rank = graph.values[input].shape?.rank else { return emit(node) }
            let permutation = permutation ?? Array((0..<rank).reversed())
            let view = views[input] ?? View(base: input, permutation: Array(0..<rank))
            views[node.output] = View(base: view.base, permutation: permutation.map { view.permutation[$0] })
        case .activation, .rounded, .clip, .binary, .unary, .prelu, .concat, .select:
            guard let view = firstView(of: node), try carry(node, past: view) else { return emit(node) }
        case .reduce(_, let keepsDimensions):
            guard let view = views[node.inputs[0]], carryReduction(node, past: view, keepsDimensions) else { return emit(node) }
        case .pad:
            guard let view = views[node.inputs[0]], carryPad(node, past: view) else { return emit(node) }
        default:
            emit(node)
        }
    }

    /// The first input that is in another order than its base; one whose transpositions have cancelled out needs no carrying.
    private func firstView(of node: Node) -> View? {
        for input in node.inputs {
            if let view = views[input], !view.isIdentity { return view }
        }
        return nil
    }

    /// Emits the node as it is, its inputs in their own order.
    private mutating func emit(_ node: Node) {
        var node = node
        node.inputs = node.inputs.map { materialize($0) }
        nodes.append(node)
    }

    /// The value itself, by a transpose node where it is so far known as a view only.
    private mutating func materialize(_ value: ValueID) -> ValueID {
        guard let view = views[value] else { return value }
        if view.isIdentity { return view.base }
        if materialized.insert(value).inserted {
            nodes.append(
                Node(
                    name: graph.values[value].name + "/transpose", kind: "Transpose", operation: .transpose(view.permutation),
                    inputs: [view.base], output: value))
        }
        return value
    }

    /// Lets an element-wise node or a concatenation work in the order of `view.base`.
    private mutating func carry(_ node: Node, past view: View) throws(GraphError) -> Bool {
        let rank = view.permutation.count
        guard graph.values[node.output].shape?.rank == rank else { return false }
        var node = node
        switch node.operation {
        case .concat(let axis): node.operation = .concat(axis: view.permutation[axis < 0 ? axis + rank : axis])
        case .select(let axis, let indices): node.operation = .select(axis: view.permutation[axis], indices: indices)
        case .rounded(var grid):
            grid.axis = grid.axis.map { view.permutation[$0 < 0 ? $0 + rank : $0] }
            node.operation = .rounded(grid)
        default: break
        }
        let inverse = view.inverse
        for (position, input) in node.inputs.enumerated() {
            if let other = views[input], other.permutation == view.permutation {
                node.inputs[position] = other.base
            } else if let constant = graph.values[input].constant {
                guard constant.count != 1 else { continue }
                guard constant.shape.count <= rank else { return false }
                let padded = constant.reshaped([Int](repeating: 1, count: rank - constant.shape.count) + constant.shape)
                try graph.spend(constant.extent, for: node)
                guard let moved = padded?.transposed(inverse) else { return false }
                node.inputs[position] = graph.addComputed(moved, name: graph.values[input].name)
            } else {
                guard let shape = graph.values[input].shape, shape.rank == rank else { return false }
                let moved = graph.addValue(graph.values[input].name + "/transposed", shape: permuted(shape, inverse))
                nodes.append(
                    Node(
                        name: graph.values[moved].name, kind: "Transpose", operation: .transpose(inverse), inputs: [materialize(input)],
                        output: moved))
                node.inputs[position] = moved
            }
        }
        emit(node, inOrderOf: view)
        return true
    }

    private mutating func carryReduction(_ node: Node, past view: View, _ keepsDimensions: Bool) -> Bool {
        let rank = view.permutation.count
        guard graph.hasInput(node, 1), let axes = graph.constant(node, 1)?.integers else { return false }
        let reduced = Set(axes.map { $0 < 0 ? $0 + rank : $0 })
        var node = node
        node.inputs[0] = view.base
        node.inputs[1] = graph.addComputed(Constant(integers: reduced.map { view.permutation[$0] }.sorted()))
        if keepsDimensions {
            emit(node, inOrderOf: view)
        } else {
            let kept = (0..<rank).filter { !reduced.contains($0) }.map { view.permutation[$0] }
            let sorted = kept.sorted()
            emit(node, inOrderOf: View(base: view.base, permutation: kept.map { sorted.firstIndex(of: $0)! }))
        }
        return true
    }

    private mutating func carryPad(_ node: Node, past view: View) -> Bool {
        guard let amounts = try? PadAmounts(ShapeInference(graph: graph, node: node), rank: view.permutation.count) else { return false }
        let inverse = view.inverse
        var node = node
        node.inputs[0] = view.base
        node.inputs[1] = graph.addComputed(Constant(integers: inverse.map { amounts.before[$0] } + inverse.map { amounts.after[$0] }))
        node.inputs = Array(node.inputs.prefix(3))
        emit(node, inOrderOf: view)
        return true
    }

    /// Appends a node that already reads values in base order, and notes its old output as a view of the new one.
    private mutating func emit(_ node: Node, inOrderOf view: View) {
        var node = node
        let old = node.output
        let shape = graph.values[old].shape.map { permuted($0, view.inverse) }
        node.output = graph.addValue(graph.values[old].name, shape: shape)
        views[old] = View(base: node.output, permutation: view.permutation)
        nodes.append(node)
    }

    private func permuted(_ shape: Shape, _ permutation: [Int]) -> Shape {
        Shape(permutation.map { shape[$0] })
    }
}
