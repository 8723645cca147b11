/// The shape that a source node's output has. Errors name the node; what depends on values that are not known before the model runs is
/// unsupported.
struct ShapeInference {
    let graph: Graph
    let node: Node

    func shape() throws(GraphError) -> Shape {
        switch node.operation {
        case .batchNormalization, .clip, .softmax, .identity, .cast, .activation, .rounded, .unary, .prelu: try input(0)
        case .conv, .reduce, .globalAveragePool, .windowedPool, .gemm, .matMul, .resize: try windowOrProduct()
        case .flatten, .reshape, .squeeze, .unsqueeze, .transpose, .pad, .concat, .gather, .slice, .split, .expand, .tile: try rearranged()
        case .binary: try broadcast(input(0), input(1))
        case .choose: try broadcast(input(0), broadcast(input(1), input(2)))
        case .dropout: try dropout()
        case .answer(let head, let axis, let keepsDimensions): try answer(head, axis, keepsDimensions)
        case .unsupported(let reason): throw unsupported(reason)
        case .scatter, .constantOfShape, .range, .shape, .size: throw unsupported("its result does not follow from the model file alone")
        case .convolution, .affine, .pool, .zeroPadding, .multiply, .add, .select, .resample:
            throw unsupported("not an operator of source models")
        }
    }

    private func windowOrProduct() throws(GraphError) -> Shape {
        switch node.operation {
        case .conv(let attributes): try conv(attributes)
        case .reduce(_, let keepsDimensions): try reduce(keepsDimensions)
        case .globalAveragePool: try globalPool()
        case .windowedPool(let attributes): try pool(attributes)
        case .gemm(let attributes): try gemm(attributes)
        case .resize(let attributes): try resize(attributes)
        default: try matMul()
        }
    }

    private func rearranged() throws(GraphError) -> Shape {
        switch node.operation {
        case .flatten(let axis): try flatten(axis)
        case .reshape(let allowsZero): try reshape(allowsZero)
        case .squeeze: try squeeze()
        case .unsqueeze: try unsqueeze()
        case .transpose(let permutation): try transpose(permutation)
        case .pad: try pad()
        case .concat(let axis): try concat(axis)
        case .gather(let axis): try gather(axis)
        case .slice: try slice()
        case .split(let axis, let index, let count): try split(axis, index, count)
        case .tile: try tile()
        default: try expand()
        }
    }

    // MARK: Inputs

    func input(_ position: Int) throws(GraphError) -> Shape {
        guard let shape = graph.shape(node, position) else { throw invalid("input \(position) is missing or has no shape") }
        return shape
    }

    /// An integer vector that must be known, such as axes.
    func integers(_ position: Int, _ what: String) throws(GraphError) -> [Int] {
        guard position < node.inputs.count else { throw invalid("\(what) is missing") }
        guard let constant = graph.constant(node, position) else { throw unsupported("\(what) is computed while the model runs") }
        guard constant.count <= 2 * Shape.rankLimit, let integers = constant.integers else {
            throw invalid("\(what) is not a vector of as many integers as a shape has axes")
        }
        return integers
    }

    /// `axis`, which may count from the end, as an index below `rank`.
    func resolved(axis: Int, rank: Int) throws(GraphError) -> Int {
        guard -rank <= axis, axis < rank else { throw invalid("axis \(axis) of a shape of \(rank) axes") }
        return axis < 0 ? axis + rank : axis
    }

    func resolved(axes: [Int], rank: Int) throws(GraphError) -> Set<Int> {
        var result: Set<Int> = []
        for axis in axes { result.insert(try resolved(axis: axis, rank: rank)) }
        guard result.count == axes.count else { throw invalid("an axis is named twice") }
        return result
    }

    func invalid(_ reason: String) -> GraphError { .invalid(node: node.name, reason: reason) }

    func unsupported(_ reason: String) -> GraphError {
        .unsupported([UnsupportedNode(name: node.name, kind: node.kind, reason: reason)])
    }

    func map(_ position: Int) throws(GraphError) -> (channels: Int, height: Int, width: Int) {
        let shape = try input(position)
        guard let map = shape.map else { throw unsupported("its input is \(shape), not a map [N, C, H, W]") }
        return map
    }

    /// nil when the batch is among the extents.
    private func fixedSizes(_ shape: Shape) -> [Int]? {
        let sizes = shape.dimensions.compactMap(\.size)
        return sizes.count == shape.rank ? sizes : nil
    }

    // MARK: Arithmetic

    func broadcast(_ a: Shape, _ b: Shape) throws(GraphError) -> Shape {
        let rank = max(a.rank, b.rank)
        let left = [Dimension](repeating: 1, count: rank - a.rank) + a.dimensions
        let right = [Dimension](repeating: 1, count: rank - b.rank) + b.dimensions
        var result: [Dimension] = []
        for (x, y) in zip(left, right) {
            guard x == y || x == 1 || y == 1 else { throw invalid("\(a) and \(b) do not broadcast") }
            result.append(x == 1 ? y : x)
        }
        return Shape(result)
    }

    private func gemm(_ attributes: GemmAttributes) throws(GraphError) -> Shape {
        let (a, b) = (try input(0), try input(1))
        guard a.rank == 2, b.rank == 2 else { throw invalid("it multiplies \(a) by \(b)") }
        let (rows, inner) = attributes.transposesA ? (a[1], a[0]) : (a[0], a[1])
        let (otherInner, columns) = attributes.transposesB ? (b[1], b[0]) : (b[0], b[1])
        guard inner == otherInner else { throw invalid("it multiplies \(a) by \(b)") }
        return [rows, columns]
    }

    private func matMul() throws(GraphError) -> Shape {
        let (a, b) = (try input(0), try input(1))
        guard a.rank >= 2, b.rank == 2 else { throw unsupported("it multiplies \(a) by \(b)") }
        guard a[a.rank - 1] == b[0] else { throw invalid("it multiplies \(a) by \(b)") }
        return Shape(a.dimensions.dropLast() + [b[1]])
    }

    // MARK: Shapes

    private func flatten(_ axis: Int) throws(GraphError) -> Shape {
        let shape = try input(0)
        guard -shape.rank <= axis, axis <= shape.rank else { throw invalid("axis \(axis) of \(shape)") }
        let axis = axis < 0 ? axis + shape.rank : axis
        if let sizes = fixedSizes(shape) {
            guard let before = sizes[..<axis].checkedProduct, let after = sizes[axis...].checkedProduct else {
                throw invalid("\(shape) is too large")
            }
            return [.fixed(before), .fixed(after)]
        }
        guard axis > 0, shape.isBatched else { throw unsupported("it merges the batch of \(shape) with other axes") }
        let before = shape.dimensions[1..<axis].compactMap(\.size)
        guard before.allSatisfy({ $0 == 1 }), let rest = shape.countPerPicture else {
            throw unsupported("it merges the batch of \(shape) with other axes")
        }
        return [.batch, .fixed(rest)]
    }

    private func squeeze() throws(GraphError) -> Shape {
        let shape = try input(0)
        let axes: Set<Int>
        if graph.hasInput(node, 1) {
            axes = try resolved(axes: integers(1, "axes"), rank: shape.rank)
        } else {
            axes = Set(shape.dimensions.indices.filter { shape[$0] == 1 })
        }
        for axis in axes {
            guard shape[axis] != .batch || graph.declaredBatch == 1 else { throw unsupported("it drops the batch of \(shape)") }
            guard shape[axis] == 1 || shape[axis] == .batch else { throw invalid("it drops axis \(axis) of \(shape)") }
        }
        return Shape(shape.dimensions.indices.filter { !axes.contains($0) }.map { shape[$0] })
    }

    private func unsqueeze() throws(GraphError) -> Shape {
        let shape = try input(0)
        let axes = try integers(1, "axes")
        let rank = shape.rank + axes.count
        let added = try resolved(axes: axes, rank: rank)
        var rest = shape.dimensions[...]
        return Shape((0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() })
    }

    private func transpose(_ permutation: [Int]?) throws(GraphError) -> Shape {
        let shape = try input(0)
        let permutation = permutation ?? Array((0..<shape.rank).reversed())
        guard permutation.sorted() == Array(0..<shape.rank) else { throw invalid("\(permutation) does not permute the axes of \(shape)") }
        return Shape(permutation.map { shape[$0] })
    }

    private func concat(_ axis: Int) throws(GraphError) -> Shape {
        let first = try input(0)
        let axis = try resolved(axis: axis, rank: first.rank)
        guard var total = first[axis].size else { throw unsupported("it joins along the batch") }
        for position in node.inputs.indices.dropFirst() {
            let shape = try input(position)
            guard shape.rank == first.rank, first.dimensions.indices.allSatisfy({ $0 == axis || shape[$0] == first[$0] }),
                let size = shape[axis].size
            else { throw invalid("it joins \(first) and \(shape) along axis \(axis)") }
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow else { throw invalid("its result is too large") }
            total = sum
        }
        var result = first
        result.dimensions[axis] = .fixed(total)
        return result
    }
}

func + (a: Shape, b: Shape) -> Shape {
    Shape(a.dimensions + b.dimensions)
}
