/// Constants of a shape that the node names.
extension ConstantEvaluation {
    func filled(_ element: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let shape = try inference.integers(0, "shape")
        guard let count = shape.checkedProduct else { throw inference.invalid("a constant of shape \(shape)") }
        try budget.spend(extent(of: shape), for: node)
        return element.picking(repeatElement(0, count: count), shape: shape)
    }

    func range(_ inputs: [Constant], _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        guard inputs.count == 3 else { throw inference.invalid("it has \(inputs.count) inputs instead of 3") }
        let numbers = inputs.filter { $0.count == 1 }.compactMap(\.integers).compactMap(\.first)
        guard numbers.count == 3 else { return try floatRange(inputs, &budget) }
        let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
        let plausible = -Shape.elementLimit...Shape.elementLimit
        guard step != 0, numbers.allSatisfy(plausible.contains) else {
            throw inference.invalid("a range from \(start) to \(limit) by \(step)")
        }
        let distance = step > 0 ? limit - start : start - limit
        try budget.spend(max(0, (distance + abs(step) - 1) / abs(step)), for: node)
        return Constant(integers: Array(stride(from: start, to: limit, by: step)))
    }

    private func floatRange(_ inputs: [Constant], _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let numbers = inputs.filter { $0.count == 1 }.compactMap(\.floats).compactMap(\.first)
        guard numbers.count == 3 else { return nil }
        let steps = ((numbers[1] - numbers[0]) / numbers[2]).rounded(.up)
        guard steps.isFinite, let count = Int(exactly: steps), count < Shape.elementLimit else {
            throw inference.invalid("a range from \(numbers[0]) to \(numbers[1]) by \(numbers[2])")
        }
        try budget.spend(max(count, 0), for: node)
        return Constant((0..<max(count, 0)).map { numbers[0] + Float($0) * numbers[2] })
    }

    func expanded(_ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let dimensions = try inference.shape().dimensions
        let shape = dimensions.compactMap(\.size)
        guard shape.count == dimensions.count else { return nil }
        try budget.spend(extent(of: shape), for: node)
        return x.picking(StridedOffsets(shape: shape, strides: broadcastStrides(x.shape, to: shape)), shape: shape)
    }

    func tiled(_ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let shape = try inference.shape().dimensions.compactMap(\.size)
        // Each axis becomes two: the repeats, along which there is no step, and the axis itself.
        let repeats = zip(shape, x.shape).map { $1 == 0 ? 0 : $0 / $1 }
        let doubled = zip(repeats, x.shape).flatMap { [$0, $1] }
        try budget.spend(extent(of: shape), for: node)
        let strides = rowMajorStrides(x.shape).flatMap { [0, $0] }
        return x.picking(StridedOffsets(shape: doubled, strides: strides), shape: doubled)?.reshaped(shape)
    }

    func padded(_ x: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let amounts = try PadAmounts(inference, rank: x.shape.count)
        let shape = try inference.shape().dimensions.compactMap(\.size)
        guard (amounts.before + amounts.after).allSatisfy({ $0 >= 0 }) else { return nil }
        try budget.spend(extent(of: shape), for: node)
        let fill = graph.hasInput(node, 2) ? graph.constant(node, 2) : nil
        let strides = rowMajorStrides(shape)
        let first = zip(amounts.before, strides).reduce(0) { $0 + $1.0 * $1.1 }
        let places = StridedOffsets(shape: x.shape, strides: strides)
        func filled<Element>(_ values: [Element], _ element: Element) -> [Element] {
            var result = [Element](repeating: element, count: shape.reduce(1, *))
            for (value, place) in zip(values, places) { result[first + place] = value }
            return result
        }
        if let values = x.dimensions {
            return Constant(shape: shape, elements: .integers(filled(values, fill?.dimensions?.first ?? 0)))
        }
        return x.floats.flatMap { Constant(shape: shape, elements: .floats(filled($0, fill?.floats?.first ?? 0))) }
    }
}
