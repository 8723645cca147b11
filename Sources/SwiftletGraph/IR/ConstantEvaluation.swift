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
        let inputs = node.inputs.compactMap { graph.values[$0].constant }
        guard inputs.count == node.inputs.count, let first = inputs.first else { return nil }
        switch node.operation {
        case .identity:
            return first
        case .cast(let toInteger):
            return try cast(first, toInteger: toInteger, &budget)
        case .reshape, .squeeze, .unsqueeze:
            let sizes = try inference.shape().dimensions.compactMap(\.size)
            return first.reshaped(sizes)
        case .transpose(let permutation):
            _ = try inference.shape()
            try budget.spend(first.extent, for: node)
            return first.transposed(permutation ?? Array(first.shape.indices.reversed()))
        case .binary(let operation):
            return try binary(operation, first, inputs[1], &budget)
        case .concat(let axis):
            return try concat(inputs, axis: axis, &budget)
        case .gather(let axis):
            return try gather(first, inputs[1], axis: axis, &budget)
        case .slice:
            return try slice(first, &budget)
        case .constantOfShape(let element):
            return try filled(element, &budget)
        case .range:
            return try range(inputs, &budget)
        default:
            return nil
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

    // MARK: Arithmetic

    private func binary(
        _ operation: BinaryOperator, _ a: Constant, _ b: Constant, _ budget: inout RewriteBudget
    ) throws(GraphError) -> Constant? {
        let shape = try inference.broadcast(Shape(fixed: a.shape), Shape(fixed: b.shape)).dimensions.compactMap(\.size)
        // The operands are made floats where they are of two types.
        try budget.spend(extent(of: shape), steps: a.count + b.count, for: node)
        let left = StridedOffsets(shape: shape, strides: broadcastStrides(a.shape, to: shape))
        let right = StridedOffsets(shape: shape, strides: broadcastStrides(b.shape, to: shape))
        if let x = a.dimensions, let y = b.dimensions {
            let results = zip(left, right).compactMap { integer(operation, x[$0], y[$1]) }
            return Constant(shape: shape, elements: .integers(results))
        }
        guard let x = a.floats, let y = b.floats else { return nil }
        return Constant(shape: shape, elements: .floats(zip(left, right).map { float(operation, x[$0], y[$1]) }))
    }

    private func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
        let padded = [Int](repeating: 1, count: target.count - shape.count) + shape
        return zip(padded, rowMajorStrides(padded)).map { size, stride in size == 1 ? 0 : stride }
    }

    private func float(_ operation: BinaryOperator, _ x: Float, _ y: Float) -> Float {
        switch operation {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .minimum: min(x, y)
        case .maximum: max(x, y)
        }
    }

    /// nil where the batch would have to be calculated with, at overflow, and at a division by zero.
    private func integer(_ operation: BinaryOperator, _ a: Dimension, _ b: Dimension) -> Dimension? {
        guard let x = a.size, let y = b.size else {
            switch operation {
            case .multiply: return a == 1 ? b : b == 1 ? a : nil
            case .divide: return b == 1 ? a : nil
            case .add: return a == 0 ? b : b == 0 ? a : nil
            case .subtract: return b == 0 ? a : nil
            case .minimum, .maximum: return a == b ? a : nil
            }
        }
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = x.addingReportingOverflow(y)
        case .subtract: result = x.subtractingReportingOverflow(y)
        case .multiply: result = x.multipliedReportingOverflow(by: y)
        case .divide: result = x.dividedReportingOverflow(by: y)
        case .minimum: result = (min(x, y), false)
        case .maximum: result = (max(x, y), false)
        }
        return result.overflow ? nil : .fixed(result.partialValue)
    }
}
