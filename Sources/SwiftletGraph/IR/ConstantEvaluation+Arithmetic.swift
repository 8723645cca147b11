import Foundation

/// Arithmetic as ONNX defines it: integers in 64 bits, divided towards zero; floats in single precision.
extension ConstantEvaluation {
    // MARK: Two operands

    func binary(
        _ operation: BinaryOperator, _ a: Constant, _ b: Constant, _ budget: inout RewriteBudget
    ) throws(GraphError) -> Constant? {
        let shape = try broadcastShape([a, b])
        // The operands are made floats where they are of two types.
        try budget.spend(extent(of: shape), steps: a.count + b.count, for: node)
        let left = StridedOffsets(shape: shape, strides: broadcastStrides(a.shape, to: shape))
        let right = StridedOffsets(shape: shape, strides: broadcastStrides(b.shape, to: shape))
        if let x = a.dimensions, let y = b.dimensions {
            let results = zip(left, right).compactMap { operation.integer(x[$0], y[$1]) }
            return Constant(shape: shape, elements: .integers(results))
        }
        guard let x = a.floats, let y = b.floats else { return nil }
        if operation.isPredicate {
            let results = zip(left, right).map { Dimension.fixed(operation.holds(x[$0], y[$1]) ? 1 : 0) }
            return Constant(shape: shape, elements: .integers(results))
        }
        return Constant(shape: shape, elements: .floats(zip(left, right).map { operation.float(x[$0], y[$1]) }))
    }

    func chosen(_ condition: Constant, _ a: Constant, _ b: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let shape = try broadcastShape([condition, a, b])
        try budget.spend(2 * extent(of: shape), steps: a.count + b.count, for: node)
        guard let flags = condition.integers else { return nil }
        func offsets(_ constant: Constant) -> StridedOffsets {
            StridedOffsets(shape: shape, strides: broadcastStrides(constant.shape, to: shape))
        }
        func merged<Element>(_ x: [Element], _ y: [Element]) -> [Element] {
            zip(offsets(condition), zip(offsets(a), offsets(b))).map { flags[$0] != 0 ? x[$1.0] : y[$1.1] }
        }
        if let x = a.dimensions, let y = b.dimensions { return Constant(shape: shape, elements: .integers(merged(x, y))) }
        guard let x = a.floats, let y = b.floats else { return nil }
        return Constant(shape: shape, elements: .floats(merged(x, y)))
    }

    private func broadcastShape(_ operands: [Constant]) throws(GraphError) -> [Int] {
        var shape = Shape(fixed: operands[0].shape)
        for operand in operands.dropFirst() { shape = try inference.broadcast(shape, Shape(fixed: operand.shape)) }
        return shape.dimensions.compactMap(\.size)
    }

    // MARK: One operand

    func unary(_ operation: UnaryOperator, _ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        try budget.spend(x.count, for: node)
        switch x.elements {
        case .integers(let values):
            let results = values.compactMap { $0.size.flatMap(operation.integer) }
            return Constant(shape: x.shape, elements: .integers(results.map { .fixed($0) }))
        case .floats(let values) where operation == .truth || operation == .not:
            return Constant(shape: x.shape, elements: .integers(values.map { .fixed(($0 == 0) == (operation == .not) ? 1 : 0) }))
        case .floats(let values):
            return Constant(shape: x.shape, elements: .floats(values.map { Float(operation.float(Double($0))) }))
        }
    }

    func activated(_ activation: Activation, _ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        try budget.spend(x.count, for: node)
        return x.floats.flatMap { Constant(shape: x.shape, elements: .floats($0.map { Float(activation.apply(Double($0))) })) }
    }

    func clipped(_ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        try budget.spend(x.count, for: node)
        func bound(_ position: Int) -> Constant? { graph.hasInput(node, position) ? graph.constant(node, position) : nil }
        let bounds = (low: bound(1), high: bound(2))
        guard (bounds.low?.count ?? 1) == 1, (bounds.high?.count ?? 1) == 1 else {
            throw inference.invalid("its bounds are not single numbers")
        }
        if let values = x.integers {
            let low = bounds.low?.integers?.first ?? Int.min
            let high = bounds.high?.integers?.first ?? Int.max
            return Constant(shape: x.shape, elements: .integers(values.map { .fixed(min(max($0, low), high)) }))
        }
        let low = bounds.low?.floats?.first ?? -.infinity
        let high = bounds.high?.floats?.first ?? .infinity
        return x.floats.flatMap { Constant(shape: x.shape, elements: .floats($0.map { min(max($0, low), high) })) }
    }

    // MARK: Reductions

    func reduced(
        _ reduction: Reduction, _ x: Constant, keepsDimensions: Bool, _ budget: inout RewriteBudget
    ) throws(GraphError) -> Constant? {
        let axes = try inference.reducedAxes(rank: x.shape.count)
        let shape = try inference.shape().dimensions.compactMap(\.size)
        // Each axis in turn of the result, zero steps along those that are reduced.
        let kept = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
        guard let count = kept.checkedProduct, count > 0, x.count > 0 else { return nil }
        try budget.spend(count, steps: x.count, for: node)
        let strides = zip(x.shape.indices, rowMajorStrides(kept)).map { axes.contains($0) ? 0 : $1 }
        let targets = StridedOffsets(shape: x.shape, strides: strides)
        if let values = x.integers {
            var results = [Int?](repeating: nil, count: count)
            for (value, target) in zip(values, targets) {
                guard let sum = reduction.integer(results[target], value) else { return nil }
                results[target] = sum
            }
            return Constant(shape: shape, elements: .integers(results.compactMap { $0.map { .fixed($0) } }))
        }
        guard let values = x.floats else { return nil }
        var results = [Double?](repeating: nil, count: count)
        for (value, target) in zip(values, targets) { results[target] = reduction.float(results[target], Double(value)) }
        let parts = Double(x.count / count)
        return Constant(shape: shape, elements: .floats(results.map { Float(reduction.finish($0 ?? 0, count: parts)) }))
    }
}

/// Steps of `shape` as it is broadcast to `target`: none along what is repeated.
func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
    let padded = [Int](repeating: 1, count: target.count - shape.count) + shape
    return zip(padded, rowMajorStrides(padded)).map { size, stride in size == 1 ? 0 : stride }
}
