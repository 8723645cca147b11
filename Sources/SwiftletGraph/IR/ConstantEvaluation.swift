/// Computes nodes whose inputs are known: shape arithmetic above all, and what exporters leave undone on weights. What results take comes
/// out of the model's budget before it is made.
struct ConstantEvaluation {
    let graph: Graph
    let node: Node

    var inference: ShapeInference { ShapeInference(graph: graph, node: node) }

    /// nil when the result is not known, or this operator is not computed here.
    func constant(_ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        if case .shape(let start, let end) = node.operation {
            guard let shape = graph.shape(node, 0) else { return nil }
            return shapeSlice(shape, start, end)
        }
        if case .size = node.operation {
            guard let shape = graph.shape(node, 0), let count = shape.dimensions.compactMap(\.size).checkedProduct else { return nil }
            return shape.dimensions.contains(.batch) ? nil : Constant(shape: [], elements: .integers([.fixed(count)]))
        }
        let inputs = node.inputs.compactMap { graph.values[$0].constant }
        guard inputs.count == node.inputs.count, let first = inputs.first else { return nil }
        guard inputs.count >= node.operation.operands else {
            throw inference.invalid("it has \(inputs.count) inputs instead of \(node.operation.operands)")
        }
        if let constant = try rearranged(first, inputs, &budget) { return constant }
        return try computed(first, inputs, &budget)
    }

    /// Operators that hand elements on, in another shape, order or number.
    private func rearranged(_ first: Constant, _ inputs: [Constant], _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        switch node.operation {
        case .identity, .dropout:
            return first
        case .reshape, .squeeze, .unsqueeze, .flatten:
            let sizes = try inference.shape().dimensions.compactMap(\.size)
            return first.reshaped(sizes)
        case .transpose(let permutation):
            _ = try inference.shape()
            try budget.spend(first.extent, for: node)
            return first.transposed(permutation ?? Array(first.shape.indices.reversed()))
        case .concat(let axis): return try concat(inputs, axis: axis, &budget)
        case .gather(let axis): return try gather(first, inputs[1], axis: axis, &budget)
        case .slice: return try slice(first, &budget)
        case .split(let axis, let index, let count): return try split(first, axis: axis, index: index, count: count, &budget)
        case .scatter: return try scatter(first, inputs[1], inputs[2], &budget)
        case .constantOfShape(let element): return try filled(element, &budget)
        case .range: return try range(inputs, &budget)
        case .expand: return try expanded(first, &budget)
        case .tile: return try tiled(first, &budget)
        case .pad: return try padded(first, &budget)
        default: return nil
        }
    }

    /// Operators that make new values.
    private func computed(_ first: Constant, _ inputs: [Constant], _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        switch node.operation {
        case .cast(let toInteger): return try cast(first, toInteger: toInteger, &budget)
        case .binary(let operation): return try binary(operation, first, inputs[1], &budget)
        case .unary(let operation): return try unary(operation, first, &budget)
        case .choose: return try chosen(first, inputs[1], inputs[2], &budget)
        case .clip: return try clipped(first, &budget)
        case .rounded(let grid):
            try budget.spend(first.count, for: node)
            return first.floats.flatMap { Constant(shape: first.shape, elements: .floats(grid.rounded($0, shape: first.shape))) }
        case .activation(let activation): return try activated(activation, first, &budget)
        case .reduce(let reduction, let keeps): return try reduced(reduction, first, keepsDimensions: keeps, &budget)
        default: return nil
        }
    }

    private func shapeSlice(_ shape: Shape, _ start: Int, _ end: Int?) -> Constant {
        let rank = shape.rank
        func clamped(_ index: Int) -> Int { min(max(index < 0 ? index + rank : index, 0), rank) }
        let (from, to) = (clamped(start), clamped(end ?? rank))
        return Constant(dimensions: from < to ? Array(shape.dimensions[from..<to]) : [])
    }

    private func cast(_ constant: Constant, toInteger: Bool, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        switch (constant.elements, toInteger) {
        case (.floats(let values), true):
            try budget.spend(values.count, for: node)
            let integers = values.compactMap { Int(exactly: $0.rounded(.towardZero)) }
            return Constant(shape: constant.shape, elements: .integers(integers.map { .fixed($0) }))
        case (.integers, false):
            try budget.spend(constant.count, for: node)
            return constant.floats.flatMap { Constant(shape: constant.shape, elements: .floats($0)) }
        default:
            return constant
        }
    }
}
