/// What a slice takes along one axis: `count` positions from `start` on, `step` apart.
struct SliceStep: Equatable {
    var start: Int
    var count: Int
    var step: Int

    /// Whether it takes all of an axis of `size` in its order.
    func isWhole(of size: Int) -> Bool { start == 0 && count == size && (step == 1 || count <= 1) }
}

/// Shapes of what takes some of its input's elements, or repeats them.
extension ShapeInference {
    // MARK: Some elements

    func gather(_ axis: Int) throws(GraphError) -> Shape {
        let (shape, indices) = (try input(0), try input(1))
        let axis = try resolved(axis: axis, rank: shape.rank)
        guard let positions = graph.constant(node, 1)?.integers else { throw unsupported("its indices are computed while the model runs") }
        let size = shape[axis].size ?? 1
        for index in positions where !(-size..<size).contains(index) { throw invalid("index \(index) of \(size)") }
        if shape[axis] == .batch {
            guard graph.declaredBatch == 1, positions.count == 1 else { throw unsupported("it takes some pictures of the batch") }
        }
        return Shape(shape.dimensions[..<axis] + indices.dimensions + shape.dimensions[(axis + 1)...])
    }

    func slice() throws(GraphError) -> Shape {
        let shape = try input(0)
        let steps = try sliceSteps(sizes: shape.dimensions.map { $0.size ?? 1 })
        var dimensions: [Dimension] = []
        for (axis, step) in steps.enumerated() {
            if shape[axis] == .batch {
                guard step.isWhole(of: 1) else { throw unsupported("it takes some pictures of the batch") }
                dimensions.append(.batch)
            } else {
                dimensions.append(.fixed(step.count))
            }
        }
        return Shape(dimensions)
    }

    /// What the node takes along each axis of a value of `sizes`.
    func sliceSteps(sizes: [Int]) throws(GraphError) -> [SliceStep] {
        let starts = try integers(1, "starts")
        let ends = try integers(2, "ends")
        let axes = graph.hasInput(node, 3) ? try integers(3, "axes") : Array(starts.indices)
        let steps = graph.hasInput(node, 4) ? try integers(4, "steps") : [Int](repeating: 1, count: starts.count)
        guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
            throw invalid("starts, ends, axes and steps differ in number")
        }
        var result = sizes.map { SliceStep(start: 0, count: $0, step: 1) }
        for index in starts.indices {
            let axis = try resolved(axis: axes[index], rank: sizes.count)
            let size = sizes[axis]
            guard steps[index] != 0 else { throw invalid("a step of 0") }
            let step = min(max(steps[index], -size - 1), size + 1)
            func clamped(_ value: Int, _ range: ClosedRange<Int>) -> Int {
                min(max(value < 0 ? value + size : value, range.lowerBound), range.upperBound)
            }
            let range = step > 0 ? 0...size : -1...max(size - 1, -1)
            let (start, end) = (clamped(starts[index], range), clamped(ends[index], range))
            // Sizes are far from overflow; counting the elements of a stride would take a step for each.
            let distance = step > 0 ? end - start : start - end
            result[axis] = SliceStep(start: start, count: max(0, (distance + abs(step) - 1) / abs(step)), step: step)
        }
        return result
    }

    func split(_ axis: Int, _ index: Int, _ count: Int) throws(GraphError) -> Shape {
        var shape = try input(0)
        let axis = try resolved(axis: axis, rank: shape.rank)
        guard let size = shape[axis].size else { throw unsupported("it splits the batch") }
        shape.dimensions[axis] = .fixed(try splitRange(size: size, index: index, count: count).count)
        return shape
    }

    /// The positions of part `index` along an axis of `size`: as the second input says, else equal parts, the last one smaller.
    func splitRange(size: Int, index: Int, count: Int) throws(GraphError) -> Range<Int> {
        guard graph.hasInput(node, 1) else {
            let length = (size + count - 1) / count
            let start = min(index * length, size)
            return start..<min(start + length, size)
        }
        // As many lengths as there are outputs.
        guard let lengths = graph.constant(node, 1)?.integers else { throw unsupported("its lengths are computed while the model runs") }
        guard lengths.count == count, lengths.checkedProduct != nil, lengths.allSatisfy({ $0 <= size }) else {
            throw invalid("\(lengths.count) lengths for \(count) parts of \(size)")
        }
        let start = lengths[..<index].reduce(0, +)
        guard lengths.reduce(0, +) == size else { throw invalid("its parts are not \(size) in all") }
        return start..<start + lengths[index]
    }

    // MARK: Repeated elements

    /// The batch may be written as the number of pictures that the model was exported with, or as 1.
    func expand() throws(GraphError) -> Shape {
        let shape = try input(0)
        guard let constant = graph.constant(node, 1) else { throw unsupported("the new shape is computed while the model runs") }
        guard constant.count <= Shape.rankLimit, var target = constant.dimensions, target.allSatisfy({ ($0.size ?? 0) >= 0 }) else {
            throw invalid("the new shape is not a vector of at most \(Shape.rankLimit) integers")
        }
        if shape.isBatched, target.count == shape.rank, target[0] != .batch, target[0] == 1 || target[0].size == graph.declaredBatch {
            target[0] = .batch
        }
        return try broadcast(shape, Shape(target))
    }

    func tile() throws(GraphError) -> Shape {
        let shape = try input(0)
        let repeats = try integers(1, "repeats")
        guard repeats.count == shape.rank, repeats.allSatisfy({ $0 >= 0 }) else { throw invalid("\(repeats.count) repeats of \(shape)") }
        var dimensions: [Dimension] = []
        for (dimension, factor) in zip(shape.dimensions, repeats) {
            guard factor != 1 else {
                dimensions.append(dimension)
                continue
            }
            guard let size = dimension.size else { throw unsupported("it repeats the batch") }
            let (product, overflow) = size.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw invalid("its result is too large") }
            dimensions.append(.fixed(product))
        }
        return Shape(dimensions)
    }

    func resize(_ attributes: ResizeAttributes) throws(GraphError) -> Shape {
        var shape = try input(0)
        let axes = try resizedAxes(attributes, rank: shape.rank)
        if attributes.hasRegion, graph.hasInput(node, 3) {
            guard let sizes = graph.constant(node, 3)?.dimensions else { throw unsupported("its sizes are computed while the model runs") }
            guard sizes.count == axes.count, sizes.allSatisfy({ ($0.size ?? 1) > 0 }) else {
                throw invalid("\(sizes.count) sizes for \(shape)")
            }
            for (axis, size) in zip(axes, sizes) where axis > 0 { shape.dimensions[axis] = size }
            return shape
        }
        guard let scales = try resizeScales(attributes) else { throw unsupported("its scales are computed while the model runs") }
        guard scales.count == shape.rank, scales.allSatisfy({ $0 > 0 && $0 < Float(Window.limit) }) else {
            throw invalid("\(scales.count) scales for \(shape)")
        }
        return Shape(
            zip(shape.dimensions, scales).map { size, scale in
                size.size.map { .fixed(Int((Float($0) * scale).rounded(.down))) } ?? size
            })
    }

    /// By axis of the input, the factor that the model gives; nil where it gives sizes.
    func resizeScales(_ attributes: ResizeAttributes) throws(GraphError) -> [Float]? {
        if attributes.hasRegion, graph.hasInput(node, 3) { return nil }
        let rank = try input(0).rank
        let axes = try resizedAxes(attributes, rank: rank)
        guard let scales = graph.constant(node, attributes.hasRegion ? 2 : 1)?.floats else { return nil }
        guard attributes.axes != nil else { return scales }
        guard scales.count == axes.count else { throw invalid("\(scales.count) scales for \(axes.count) axes") }
        var result = [Float](repeating: 1, count: rank)
        for (axis, scale) in zip(axes, scales) { result[axis] = scale }
        return result
    }

    /// The axes that sizes and scales are of, in their order.
    private func resizedAxes(_ attributes: ResizeAttributes, rank: Int) throws(GraphError) -> [Int] {
        guard let axes = attributes.axes else { return Array(0..<rank) }
        _ = try resolved(axes: axes, rank: rank)
        return axes.map { $0 < 0 ? $0 + rank : $0 }
    }

    // MARK: Ends of models

    func dropout() throws(GraphError) -> Shape {
        if graph.hasInput(node, 2), graph.constant(node, 2)?.integers?.contains(where: { $0 != 0 }) ?? true {
            throw unsupported("the model was exported in training mode: export it in evaluation mode")
        }
        return try input(0)
    }

    func answer(_ head: Head, _ axis: Int, _ keepsDimensions: Bool) throws(GraphError) -> Shape {
        var shape = try input(0)
        let axis = try resolved(axis: axis, rank: shape.rank)
        switch head {
        case .argMax, .topK:
            if keepsDimensions { shape.dimensions[axis] = 1 } else { shape.dimensions.remove(at: axis) }
            return shape
        default:
            return shape
        }
    }
}
