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
        try budget.spend(data.extent, for: node)
        return picked(data, try inference.sliceSteps(sizes: data.shape))
    }

    /// Part `index` of `count` along `axis`.
    func split(_ data: Constant, axis: Int, index: Int, count: Int, _ budget: inout RewriteBudget) throws(GraphError) -> Constant? {
        let axis = try inference.resolved(axis: axis, rank: data.shape.count)
        let range = try inference.splitRange(size: data.shape[axis], index: index, count: count)
        try budget.spend(data.extent, for: node)
        var steps = data.shape.map { SliceStep(start: 0, count: $0, step: 1) }
        steps[axis] = SliceStep(start: range.lowerBound, count: range.count, step: 1)
        return picked(data, steps)
    }

    private func picked(_ data: Constant, _ steps: [SliceStep]) -> Constant? {
        let strides = rowMajorStrides(data.shape)
        let first = zip(steps, strides).reduce(0) { $0 + $1.0.start * $1.1 }
        let shape = steps.map(\.count)
        let offsets = StridedOffsets(shape: shape, strides: zip(steps, strides).map { $0.step * $1 })
        return data.picking(offsets.lazy.map { first + $0 }, shape: shape)
    }

    /// `data` with `updates` at the places that `indices` name: its last axis holds an index for each of the first axes of `data`.
    func scatter(
        _ data: Constant, _ indices: Constant, _ updates: Constant, _ budget: inout RewriteBudget
    ) throws(GraphError) -> Constant? {
        try budget.spend(data.count, steps: indices.count + updates.count, for: node)
        guard let depth = indices.shape.last, depth > 0, depth <= data.shape.count, let numbers = indices.integers else { return nil }
        let strides = rowMajorStrides(data.shape)
        let block = data.shape[depth...].reduce(1, *)
        guard updates.count == numbers.count / depth * block else { throw inference.invalid("its updates do not fit its indices") }
        var places: [Int] = []
        for start in stride(from: 0, to: numbers.count, by: depth) {
            var place = 0
            for axis in 0..<depth {
                let (size, index) = (data.shape[axis], numbers[start + axis])
                guard (-size..<size).contains(index) else { throw inference.invalid("index \(index) of \(size)") }
                place += (index < 0 ? index + size : index) * strides[axis]
            }
            places.append(place)
        }
        func scattered<Element>(_ values: [Element], _ new: [Element]) -> [Element] {
            var result = values
            for (number, place) in places.enumerated() {
                result.replaceSubrange(place..<place + block, with: new[number * block..<(number + 1) * block])
            }
            return result
        }
        if let x = data.dimensions, let y = updates.dimensions {
            return Constant(shape: data.shape, elements: .integers(scattered(x, y)))
        }
        guard let x = data.floats, let y = updates.floats else { return nil }
        return Constant(shape: data.shape, elements: .floats(scattered(x, y)))
    }
}
