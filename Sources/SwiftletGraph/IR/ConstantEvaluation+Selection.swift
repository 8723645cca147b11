extension ConstantEvaluation {
    /// The steps of a loop over `shape`.
    func extent(of shape: [Int]) throws(GraphError) -> Int {
        guard let extent = shape.checkedExtent else { throw inference.invalid("its result \(Shape(fixed: shape)) is too large") }
        return extent
    }

    // MARK: Selection

    func concat(_ inputs: [Constant], axis: Int, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let shape = try inference.shape().dimensions.compactMap(\.size)
        let axis = try inference.resolved(axis: axis, rank: shape.count)
        guard let outer = shape[..<axis].checkedProduct, let inner = shape[(axis + 1)...].checkedProduct else { return nil }
        let (blocks, overflow) = outer.multipliedReportingOverflow(by: inputs.count)
        guard !overflow else { throw inference.invalid("its result \(Shape(fixed: shape)) is too large") }
        try budget.spend(extent(of: shape), steps: blocks, for: node)
        func joined<Element>(_ parts: [[Element]]) -> [Element] {
            var result: [Element] = []
            for block in 0..<outer {
                for (values, input) in zip(parts, inputs) {
                    let length = input.shape[axis] * inner
                    result += values[block * length..<(block + 1) * length]
                }
            }
            return result
        }
        let integers = inputs.compactMap(\.dimensions)
        if integers.count == inputs.count {
            return Constant(shape: shape, elements: .integers(joined(integers)))
        }
        let floats = inputs.compactMap(\.floats)
        return floats.count == inputs.count ? Constant(shape: shape, elements: .floats(joined(floats))) : nil
    }

    func gather(_ data: Constant, _ indices: Constant, axis: Int, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let axis = try inference.resolved(axis: axis, rank: data.shape.count)
        try budget.spend(0, steps: indices.count, for: node)
        guard let positions = indices.integers else { return nil }
        let size = data.shape[axis]
        for index in positions where !(-size..<size).contains(index) { throw inference.invalid("index \(index) of \(size)") }
        let strides = rowMajorStrides(data.shape)
        let outer = data.shape[..<axis].reduce(1, *)
        let step = strides[axis]
        let shape = data.shape[..<axis] + indices.shape + data.shape[(axis + 1)...]
        try budget.spend(extent(of: Array(shape)), for: node)
        let picked = (0..<outer).lazy.flatMap { block in
            positions.lazy.flatMap { index in
                let start = (block * size + (index < 0 ? index + size : index)) * step
                return start..<start + step
            }
        }
        return data.picking(picked, shape: Array(shape))
    }

    func slice(_ data: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let starts = try inference.integers(1, "starts")
        let ends = try inference.integers(2, "ends")
        let axes = graph.hasInput(node, 3) ? try inference.integers(3, "axes") : Array(starts.indices)
        let steps = graph.hasInput(node, 4) ? try inference.integers(4, "steps") : [Int](repeating: 1, count: starts.count)
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw inference.invalid("starts, ends, axes and steps differ in number")
        }
        try budget.spend(data.extent, for: node)
        var kept = data.shape.map { 0..<$0 }.map { ($0.lowerBound, $0.count, 1) }
        for index in starts.indices {
            let axis = try inference.resolved(axis: axes[index], rank: data.shape.count)
            let size = data.shape[axis]
            guard steps[index] != 0 else { throw inference.invalid("a step of 0") }
            let step = min(max(steps[index], -size - 1), size + 1)
            func clamped(_ value: Int, _ range: ClosedRange<Int>) -> Int {
                min(max(value < 0 ? value + size : value, range.lowerBound), range.upperBound)
            }
            let range = step > 0 ? 0...size : -1...max(size - 1, -1)
            let (start, end) = (clamped(starts[index], range), clamped(ends[index], range))
            kept[axis] = (start, stride(from: start, to: end, by: step).underestimatedCount, step)
        }
        let strides = rowMajorStrides(data.shape)
        let first = zip(kept, strides).reduce(0) { $0 + $1.0.0 * $1.1 }
        let shape = kept.map { $0.1 }
        let offsets = StridedOffsets(shape: shape, strides: zip(kept, strides).map { $0.2 * $1 })
        return data.picking(offsets.lazy.map { first + $0 }, shape: shape)
    }

    // MARK: Generation

    func filled(_ element: Constant, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let shape = try inference.integers(0, "shape")
        guard let count = shape.checkedProduct else { throw inference.invalid("a constant of shape \(shape)") }
        try budget.spend(extent(of: shape), for: node)
        return element.picking(repeatElement(0, count: count), shape: shape)
    }

    func range(_ inputs: [Constant], _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        guard inputs.count == 3 else { throw inference.invalid("it has \(inputs.count) inputs instead of 3") }
        let numbers = inputs.filter { $0.count == 1 }.compactMap(\.integers).compactMap(\.first)
        guard numbers.count == 3 else { return nil }
        let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
        let plausible = -Shape.elementLimit...Shape.elementLimit
        guard step != 0, numbers.allSatisfy(plausible.contains) else {
            throw inference.invalid("a range from \(start) to \(limit) by \(step)")
        }
        let distance = step > 0 ? limit - start : start - limit
        try budget.spend(max(0, (distance + abs(step) - 1) / abs(step)), for: node)
        return Constant(integers: Array(stride(from: start, to: limit, by: step)))
    }
}
