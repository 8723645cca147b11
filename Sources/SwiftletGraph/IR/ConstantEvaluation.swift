/// Computes nodes whose inputs are known: shape arithmetic above all, and what exporters leave undone on weights.
struct ConstantEvaluation {
    /// Larger results are not worth holding, or come from a damaged file.
    static let elementLimit = 1 << 26

    let graph: Graph
    let node: Node

    private var inference: ShapeInference { ShapeInference(graph: graph, node: node) }

    /// nil when the result is not known, or this operator is not computed here.
    func constant() throws(GraphError) -> Constant? {
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
            return cast(first, toInteger: toInteger)
        case .reshape, .squeeze, .unsqueeze:
            let sizes = try inference.shape().dimensions.compactMap(\.size)
            return first.reshaped(sizes)
        case .transpose(let permutation):
            _ = try inference.shape()
            return first.transposed(permutation ?? Array(first.shape.indices.reversed()))
        case .binary(let operation):
            return try binary(operation, first, inputs[1])
        case .concat(let axis):
            return try concat(inputs, axis: axis)
        case .gather(let axis):
            return try gather(first, inputs[1], axis: axis)
        case .slice:
            return try slice(first)
        case .constantOfShape(let element):
            return try filled(element)
        case .range:
            return try range(inputs)
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

    private func cast(_ constant: Constant, toInteger: Bool) -> Constant? {
        switch (constant.elements, toInteger) {
        case (.floats(let values), true):
            let integers = values.compactMap { Int(exactly: $0.rounded(.towardZero)) }
            return Constant(shape: constant.shape, elements: .integers(integers.map { .fixed($0) }))
        case (.integers, false):
            return constant.floats.flatMap { Constant(shape: constant.shape, elements: .floats($0)) }
        default:
            return constant
        }
    }

    // MARK: Arithmetic

    private func binary(_ operation: BinaryOperator, _ a: Constant, _ b: Constant) throws(GraphError) -> Constant? {
        let shape = try inference.broadcast(Shape(fixed: a.shape), Shape(fixed: b.shape)).dimensions.compactMap(\.size)
        guard let count = shape.checkedProduct, count <= Self.elementLimit else { return nil }
        let left = offsets(shape: shape, strides: broadcastStrides(a.shape, to: shape))
        let right = offsets(shape: shape, strides: broadcastStrides(b.shape, to: shape))
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

    // MARK: Selection

    private func concat(_ inputs: [Constant], axis: Int) throws(GraphError) -> Constant? {
        let shape = try inference.shape().dimensions.compactMap(\.size)
        let axis = try inference.resolved(axis: axis, rank: shape.count)
        guard let outer = shape[..<axis].checkedProduct, let inner = shape[(axis + 1)...].checkedProduct else { return nil }
        func joined<Element>(_ parts: [[Element]]) -> [Element] {
            (0..<outer).flatMap { block in
                zip(parts, inputs).flatMap { values, input in
                    let length = input.shape[axis] * inner
                    return Array(values[block * length..<(block + 1) * length])
                }
            }
        }
        let integers = inputs.compactMap(\.dimensions)
        if integers.count == inputs.count {
            return Constant(shape: shape, elements: .integers(joined(integers)))
        }
        let floats = inputs.compactMap(\.floats)
        return floats.count == inputs.count ? Constant(shape: shape, elements: .floats(joined(floats))) : nil
    }

    private func gather(_ data: Constant, _ indices: Constant, axis: Int) throws(GraphError) -> Constant? {
        let axis = try inference.resolved(axis: axis, rank: data.shape.count)
        guard let indices = indices.integers.map({ (values: $0, shape: indices.shape) }) else { return nil }
        let size = data.shape[axis]
        var picked: [Int] = []
        for index in indices.values {
            guard -size <= index, index < size else { throw inference.invalid("index \(index) of \(size)") }
            picked.append(index < 0 ? index + size : index)
        }
        let strides = rowMajorStrides(data.shape)
        let outer = offsets(shape: Array(data.shape[..<axis]), strides: Array(strides[..<axis]))
        let inner = offsets(shape: Array(data.shape[(axis + 1)...]), strides: Array(strides[(axis + 1)...]))
        let shape = data.shape[..<axis] + indices.shape + data.shape[(axis + 1)...]
        guard let count = shape.checkedProduct, count <= Self.elementLimit else { return nil }
        let positions = outer.flatMap { base in picked.flatMap { index in inner.map { base + index * strides[axis] + $0 } } }
        return data.picking(positions, shape: Array(shape))
    }

    private func slice(_ data: Constant) throws(GraphError) -> Constant? {
        let starts = try inference.integers(1, "starts")
        let ends = try inference.integers(2, "ends")
        let axes = graph.hasInput(node, 3) ? try inference.integers(3, "axes") : Array(starts.indices)
        let steps = graph.hasInput(node, 4) ? try inference.integers(4, "steps") : [Int](repeating: 1, count: starts.count)
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw inference.invalid("starts, ends, axes and steps differ in number")
        }
        var kept = data.shape.map { Array(0..<$0) }
        for index in starts.indices {
            let axis = try inference.resolved(axis: axes[index], rank: data.shape.count)
            let size = data.shape[axis]
            guard steps[index] != 0 else { throw inference.invalid("a step of 0") }
            let step = min(max(steps[index], -size - 1), size + 1)
            func clamped(_ value: Int, _ range: ClosedRange<Int>) -> Int {
                min(max(value < 0 ? value + size : value, range.lowerBound), range.upperBound)
            }
            let range = step > 0 ? 0...size : -1...max(size - 1, -1)
            kept[axis] = Array(stride(from: clamped(starts[index], range), to: clamped(ends[index], range), by: step))
        }
        var positions = [0]
        for (indices, stride) in zip(kept, rowMajorStrides(data.shape)) {
            positions = positions.flatMap { base in indices.map { base + $0 * stride } }
        }
        return data.picking(positions, shape: kept.map(\.count))
    }

    // MARK: Generation

    private func filled(_ element: Constant) throws(GraphError) -> Constant? {
        let shape = try inference.integers(0, "shape")
        guard let count = shape.checkedProduct, count <= Self.elementLimit else { throw inference.invalid("a constant of shape \(shape)") }
        return element.picking([Int](repeating: 0, count: count), shape: shape)
    }

    private func range(_ inputs: [Constant]) throws(GraphError) -> Constant? {
        guard inputs.count == 3 else { throw inference.invalid("it has \(inputs.count) inputs instead of 3") }
        let numbers = inputs.compactMap(\.integers).compactMap(\.first)
        guard numbers.count == 3 else { return nil }
        let (start, limit, step) = (numbers[0], numbers[1], numbers[2])
        guard step != 0, [start, limit, step].allSatisfy({ (-Self.elementLimit...Self.elementLimit).contains($0) }) else {
            throw inference.invalid("a range from \(start) to \(limit) by \(step)")
        }
        return Constant(integers: Array(stride(from: start, to: limit, by: step)))
    }
}
