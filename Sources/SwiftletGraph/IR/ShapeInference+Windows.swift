/// Shapes of convolutions, poolings, reductions and padding.
extension ShapeInference {
    func conv(_ attributes: ConvAttributes) throws(GraphError) -> Shape {
        let weights = try input(1)
        if weights.rank == 3 { return try rowConv(attributes, weights) }
        let map = try map(0)
        let sizes = weights.dimensions.compactMap(\.size)
        guard sizes.count == 4, weights.rank == 4 else { throw unsupported("weights are \(weights), not [O, I, H, W]") }
        let (outputs, perGroup) = (sizes[0], sizes[1])
        guard outputs > 0, perGroup > 0, sizes[2] > 0, sizes[3] > 0 else { throw invalid("weights \(weights) are empty") }
        guard attributes.groups > 0, outputs % attributes.groups == 0, map.channels % attributes.groups == 0,
            map.channels / attributes.groups == perGroup
        else {
            throw invalid("weights \(weights) do not fit \(map.channels) channels in \(attributes.groups) groups")
        }
        let window = attributes.resolved(height: map.height, width: map.width, kernel: (sizes[2], sizes[3])).window
        guard window.isPlausible, window.kernelHeight == sizes[2], window.kernelWidth == sizes[3] else {
            throw invalid("kernel_shape and the weights' shape \(weights) differ")
        }
        if graph.hasInput(node, 2) {
            let bias = try input(2)
            guard bias == [.fixed(outputs)] else { throw invalid("bias is \(bias) for \(outputs) outputs") }
        }
        return [.batch, .fixed(outputs)] + (try spatial(window, map))
    }

    func pool(_ attributes: PoolAttributes) throws(GraphError) -> Shape {
        let map = try map(0)
        let window = attributes.window.resolved(attributes.padding, height: map.height, width: map.width)
        guard window.isPlausible else { throw invalid("its padding is out of range") }
        let whole = attributes.roundsUp ? window.roundedUp(height: map.height, width: map.width) : window
        return [.batch, .fixed(map.channels)] + (try spatial(whole, map))
    }

    private func spatial(_ window: Window, _ map: (channels: Int, height: Int, width: Int)) throws(GraphError) -> Shape {
        guard let size = window.outputSize(height: map.height, width: map.width) else {
            throw invalid("a window of \(window.kernelHeight)x\(window.kernelWidth) does not fit a map of \(map.height)x\(map.width)")
        }
        return [.fixed(size.height), .fixed(size.width)]
    }

    func globalPool() throws(GraphError) -> Shape {
        [.batch, .fixed(try map(0).channels), 1, 1]
    }

    /// A convolution over one dimension, [N, C, L], as that of a map of one row.
    private func rowConv(_ attributes: ConvAttributes, _ weights: Shape) throws(GraphError) -> Shape {
        let shape = try input(0)
        let sizes = weights.dimensions.compactMap(\.size)
        guard let row = shape.sizesPerPicture, row.count == 2, sizes.count == 3, sizes.allSatisfy({ $0 > 0 }) else {
            throw unsupported("its input is \(shape), its weights \(weights)")
        }
        guard attributes.groups > 0, sizes[0] % attributes.groups == 0, row[0] == sizes[1] * attributes.groups else {
            throw invalid("weights \(weights) do not fit \(row[0]) channels in \(attributes.groups) groups")
        }
        let window = attributes.resolved(height: 1, width: row[1], kernel: (1, sizes[2])).window
        guard window.isPlausible, window.kernelHeight == 1, window.kernelWidth == sizes[2] else {
            throw invalid("kernel_shape and the weights' shape \(weights) differ")
        }
        return [.batch, .fixed(sizes[0])] + Shape([try spatial(window, (row[0], 1, row[1]))[1]])
    }

    /// The axes that a reduction runs over; all where it names none.
    func reducedAxes(rank: Int) throws(GraphError) -> Set<Int> {
        try resolved(axes: graph.hasInput(node, 1) ? integers(1, "axes") : Array(0..<rank), rank: rank)
    }

    func reduce(_ keepsDimensions: Bool) throws(GraphError) -> Shape {
        let shape = try input(0)
        let axes = try reducedAxes(rank: shape.rank)
        if axes.contains(where: { shape[$0] == .batch }) { throw unsupported("it mixes the pictures of a batch") }
        if keepsDimensions {
            return Shape(shape.dimensions.indices.map { axes.contains($0) ? 1 : shape[$0] })
        }
        return Shape(shape.dimensions.indices.filter { !axes.contains($0) }.map { shape[$0] })
    }

    func pad() throws(GraphError) -> Shape {
        let shape = try input(0)
        let pads = try PadAmounts(self, rank: shape.rank)
        var dimensions: [Dimension] = []
        for (axis, dimension) in shape.dimensions.enumerated() {
            let (before, after) = (pads.before[axis], pads.after[axis])
            guard before != 0 || after != 0 else {
                dimensions.append(dimension)
                continue
            }
            guard let size = dimension.size else { throw unsupported("it pads the batch") }
            guard size + before + after > 0 else { throw invalid("it pads \(size) by \(before) and \(after)") }
            dimensions.append(.fixed(size + before + after))
        }
        return Shape(dimensions)
    }
}
