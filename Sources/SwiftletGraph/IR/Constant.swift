/// A tensor that the model file holds, or that folding computed. Elements are in row-major order.
package struct Constant: Sendable, Equatable {
    package enum Elements: Sendable, Equatable {
        case floats([Float])
        /// Integers and booleans; the batch may be among them.
        case integers([Dimension])
    }

    package let shape: [Int]
    package let elements: Elements

    /// nil when the number of elements is not the shape's, or the shape is out of all bounds: more than `Shape.rankLimit` axes, or sizes
    /// whose product without zeros is `Shape.elementLimit` or more.
    package init?(shape: [Int], elements: Elements) {
        let count =
            switch elements {
            case .floats(let values): values.count
            case .integers(let values): values.count
            }
        guard shape.count <= Shape.rankLimit, shape.checkedExtent != nil, shape.checkedProduct == count else { return nil }
        self.shape = shape
        self.elements = elements
    }

    package init(_ value: Float) {
        shape = []
        elements = .floats([value])
    }

    /// A vector.
    package init(_ values: [Float]) {
        shape = [values.count]
        elements = .floats(values)
    }

    /// A vector.
    package init(integers: [Int]) {
        self.init(dimensions: integers.map { .fixed($0) })
    }

    /// A vector.
    package init(dimensions: [Dimension]) {
        shape = [dimensions.count]
        elements = .integers(dimensions)
    }

    package var count: Int {
        switch elements {
        case .floats(let values): values.count
        case .integers(let values): values.count
        }
    }

    /// The steps that a loop over the shape takes, `count` unless that is 0.
    var extent: Int { shape.checkedExtent ?? count }

    /// The values as floats; nil when the batch is among them.
    package var floats: [Float]? {
        switch elements {
        case .floats(let values): values
        case .integers: integers?.map(Float.init)
        }
    }

    /// nil for floats, and when the batch is among the values.
    package var integers: [Int]? {
        guard case .integers(let values) = elements else { return nil }
        let sizes = values.compactMap(\.size)
        return sizes.count == values.count ? sizes : nil
    }

    /// nil for floats.
    package var dimensions: [Dimension]? {
        if case .integers(let values) = elements { values } else { nil }
    }

    /// The same elements in another shape of the same size.
    func reshaped(_ shape: [Int]) -> Constant? {
        Constant(shape: shape, elements: elements)
    }

    /// The elements at `positions`, in a new shape. Positions must be inside.
    func picking(_ positions: some Sequence<Int>, shape: [Int]) -> Constant? {
        switch elements {
        case .floats(let values): Constant(shape: shape, elements: .floats(positions.map { values[$0] }))
        case .integers(let values): Constant(shape: shape, elements: .integers(positions.map { values[$0] }))
        }
    }

    /// Axis i of the result is axis `permutation[i]`. `permutation` must be one of the shape's axes.
    func transposed(_ permutation: [Int]) -> Constant? {
        let strides = rowMajorStrides(shape)
        let newShape = permutation.map { shape[$0] }
        return picking(StridedOffsets(shape: newShape, strides: permutation.map { strides[$0] }), shape: newShape)
    }
}

/// Elements between neighbors along each axis of a shape that a `Constant` may have.
func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
}
