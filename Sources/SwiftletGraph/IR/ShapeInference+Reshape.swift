extension ShapeInference {
    /// The batch is found again in the new shape: as the symbol, as -1, or as a literal batch size in front of extents that together hold
    /// one picture.
    func reshape(_ allowsZero: Bool) throws(GraphError) -> Shape {
        let shape = try input(0)
        guard let constant = graph.constant(node, 1) else { throw unsupported("the new shape is computed while the model runs") }
        guard constant.count <= Shape.rankLimit, var target = constant.dimensions else {
            throw invalid("the new shape is not a vector of at most \(Shape.rankLimit) integers")
        }
        if !allowsZero {
            for axis in target.indices where target[axis] == 0 {
                guard axis < shape.rank else { throw invalid("the new shape keeps axis \(axis) of \(shape)") }
                target[axis] = shape[axis]
            }
        }
        let unknown = target.indices.filter { target[$0] == -1 }
        guard unknown.count <= 1 else { throw invalid("the new shape has two extents of -1") }
        for dimension in target {
            if let size = dimension.size, size < -1 { throw invalid("the new shape has an extent of \(size)") }
        }
        guard shape.isBatched else { return try reshapeFixed(shape, target, unknown.first) }

        guard let count = shape.countPerPicture else { throw invalid("\(shape) is too large") }
        let known = target.compactMap(\.size).filter { $0 != -1 }
        guard let product = known.checkedProduct else { throw invalid("the new shape is too large") }
        func mismatch() -> GraphError { invalid("\(shape) cannot become \(Shape(target))") }

        if target.contains(.batch) {
            if let axis = unknown.first {
                guard product > 0, count % product == 0 else { throw mismatch() }
                target[axis] = .fixed(count / product)
            } else if product != count {
                throw mismatch()
            }
        } else if let axis = unknown.first {
            if product == count {
                target[axis] = .batch
            } else if axis != 0, target[0] == 1, product > 0, count % product == 0 {
                target[axis] = .fixed(count / product)
                target[0] = .batch
            } else if graph.declaredBatch == 1, product > 0, count % product == 0 {
                // One picture at a time, in a shape that leaves its batch out.
                target[axis] = .fixed(count / product)
                return Shape(target)
            } else {
                throw unsupported("\(shape) cannot become \(Shape(target)) for every batch")
            }
        } else if graph.declaredBatch == 1, product == count, target.first != 1 {
            return Shape(target)
        } else {
            guard !target.isEmpty, target.dropFirst().compactMap(\.size).checkedProduct == count else { throw mismatch() }
            target[0] = .batch
        }
        let result = Shape(target)
        guard result.isBatched else { throw unsupported("the batch of \(shape) is not in front in \(result)") }
        return result
    }

    private func reshapeFixed(_ shape: Shape, _ target: [Dimension], _ unknown: Int?) throws(GraphError) -> Shape {
        let sizes = shape.dimensions.compactMap(\.size)
        var target = target
        let known = target.compactMap(\.size).filter { $0 != -1 }
        guard sizes.count == shape.rank, let count = sizes.checkedProduct, !target.contains(.batch), let product = known.checkedProduct
        else {
            throw unsupported("\(shape) cannot become \(Shape(target))")
        }
        if let unknown {
            guard product > 0, count % product == 0 else { throw invalid("\(shape) cannot become \(Shape(target))") }
            target[unknown] = .fixed(count / product)
        } else if product != count {
            throw invalid("\(shape) cannot become \(Shape(target))")
        }
        return Shape(target)
    }
}
