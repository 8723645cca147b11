extension Pass {
    /// Leaves three kinds of arithmetic: affine functions per channel (from additions and multiplications with constants, and from batch
    /// normalization), clamps to constant bounds, and additions and multiplications of two values.
    package static let canonicalizeArithmetic = Pass("canonicalize arithmetic") { graph throws(GraphError) in
        let producers = graph.producers()
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            switch node.operation {
            case .batchNormalization(let epsilon):
                try replaceNormalization(&graph, index, epsilon)
            case .clip:
                guard let low = bound(graph, node, 1, -.infinity), let high = bound(graph, node, 2, .infinity) else { continue }
                try replaceByClamp(&graph, index, low, high, producers)
            case .activation(.relu):
                try replaceByClamp(&graph, index, 0, .infinity, producers)
            case .binary(let operation):
                try replaceBinary(&graph, index, operation, producers)
            default:
                break
            }
        }
    }

    private static func replaceNormalization(_ graph: inout Graph, _ index: Int, _ epsilon: Float) throws(GraphError) {
        let node = graph.nodes[index]
        let vectors = (1...4).compactMap { graph.constant(node, $0)?.floats }
        guard vectors.count == 4, let shape = graph.shape(node, 0), shape.rank >= 2, let channels = shape[1].size else { return }
        guard vectors.allSatisfy({ $0.count == channels }) else {
            throw .invalid(node: node.name, reason: "its parameters are not one a channel of \(shape)")
        }
        try graph.spend(2 * channels, for: node)
        let affine = Affine.batchNormalization(
            gamma: vectors[0], beta: vectors[1], mean: vectors[2], variance: vectors[3], epsilon: epsilon)
        graph.nodes[index].operation = .affine(affine)
        graph.nodes[index].inputs = [node.inputs[0]]
    }

    // MARK: Clamps

    private static func bound(_ graph: Graph, _ node: Node, _ position: Int, _ missing: Float) -> Float? {
        guard graph.hasInput(node, position) else { return missing }
        guard let constant = graph.constant(node, position), constant.count == 1 else { return nil }
        return constant.floats?.first
    }

    /// A clamp of a clamp is one clamp: ReLU6 may come as Relu and Min. Infinite bounds are none; a clamp without bounds does nothing.
    private static func replaceByClamp(
        _ graph: inout Graph, _ index: Int, _ low: Float, _ high: Float, _ producers: [Int?]
    ) throws(GraphError) {
        guard low < .infinity, high > -.infinity else {
            throw .invalid(node: graph.nodes[index].name, reason: "it clamps to \(low) ... \(high)")
        }
        var low = max(low, -.greatestFiniteMagnitude)
        var high = min(high, .greatestFiniteMagnitude)
        var input = graph.nodes[index].inputs[0]
        if let producer = producers[input], case .activation(let inner) = graph.nodes[producer].operation, let bounds = inner.bounds {
            (low, high) = (min(max(bounds.low, low), high), min(max(bounds.high, low), high))
            input = graph.nodes[producer].inputs[0]
        }
        graph.nodes[index].inputs = [input]
        switch (low > -.greatestFiniteMagnitude, high < .greatestFiniteMagnitude) {
        case (false, false): graph.nodes[index].operation = .affine(Affine())
        case (true, false) where low == 0: graph.nodes[index].operation = .activation(.relu)
        default: graph.nodes[index].operation = .activation(.clip(low: low, high: high))
        }
    }

    // MARK: Two operands

    private static func replaceBinary(_ graph: inout Graph, _ index: Int, _ operation: BinaryOperator, _ producers: [Int?])
        throws(GraphError)
    {
        let node = graph.nodes[index]
        guard node.inputs.count == 2 else { return }
        let constantFirst = graph.constant(node, 0) != nil
        guard let constant = graph.constant(node, constantFirst ? 0 : 1) else {
            switch operation {
            case .add: graph.nodes[index].operation = .add(.none)
            case .multiply: graph.nodes[index].operation = .multiply
            default: break
            }
            return
        }
        let value = node.inputs[constantFirst ? 1 : 0]
        try graph.spend(0, steps: constant.count, for: node)
        guard let shape = graph.values[value].shape, graph.values[node.output].shape == shape,
            let numbers = constant.perChannel(of: shape)
        else { return }
        try graph.spend(2 * numbers.count, for: node)
        func replace(_ affine: Affine) {
            graph.nodes[index].operation = .affine(affine)
            graph.nodes[index].inputs = [value]
        }
        let ones = [Double](repeating: 1, count: numbers.count)
        let zeros = [Double](repeating: 0, count: numbers.count)
        switch operation {
        case .add: replace(Affine(scale: ones, shift: numbers))
        case .subtract where constantFirst: replace(Affine(scale: ones.map { -$0 }, shift: numbers))
        case .subtract: replace(Affine(scale: ones, shift: numbers.map { -$0 }))
        case .multiply: replace(Affine(scale: numbers, shift: zeros))
        case .divide where !constantFirst && !numbers.contains(0): replace(Affine(scale: numbers.map { 1 / $0 }, shift: zeros))
        case .divide: break
        case .minimum, .maximum:
            guard numbers.count == 1 else { return }
            graph.nodes[index].inputs = [value]
            let bound = Float(numbers[0])
            let (low, high) = operation == .minimum ? (-Float.infinity, bound) : (bound, .infinity)
            try replaceByClamp(&graph, index, low, high, producers)
        default: break
        }
    }
}

extension Activation {
    /// The ends of a clamp.
    fileprivate var bounds: (low: Float, high: Float)? {
        switch self {
        case .relu: (0, .greatestFiniteMagnitude)
        case .clip(let low, let high): (low, high)
        default: nil
        }
    }
}

extension Constant {
    /// This constant as a number a channel of a value of `shape` that it is broadcast to (one number when all are equal); nil when it
    /// varies in another way.
    func perChannel(of target: Shape) -> [Double]? {
        guard shape.count <= target.rank, let values = floats, let first = values.first else { return nil }
        if values.allSatisfy({ $0 == first }) { return [Double(first)] }
        let offset = target.rank - shape.count
        let varying = shape.indices.filter { shape[$0] != 1 }
        guard varying.count == 1 else { return nil }
        let axis = varying[0] + offset
        guard axis == target.vectorAxis || (target.rank == 4 && axis == 1), target.isBatched, target[axis] == .fixed(values.count) else {
            return nil
        }
        return values.map(Double.init)
    }
}
