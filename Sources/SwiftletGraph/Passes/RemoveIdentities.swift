extension Pass {
    /// Drops nodes that hand their input on: identity, dropout, casts between float types, reshapes to the same shape, padding by nothing,
    /// transpositions that keep the order, a concatenation of one, a slice or a gathering of everything, an expansion to the same shape.
    /// What hands its elements on in another shape becomes a reshape, a reshape of a map that moves axes of extent 1 alone a transposition:
    /// a picture of one channel has its elements in one order in NCHW and NHWC.
    package static let removeIdentities = Pass("remove identities") { graph throws(GraphError) in
        for index in graph.nodes.indices {
            let node = graph.nodes[index]
            if let permutation = movedOnes(node, in: graph) {
                graph.nodes[index].operation = .transpose(permutation)
            } else if handsElementsOn(node, in: graph) {
                graph.nodes[index].operation = .reshape(allowsZero: false)
            } else {
                continue
            }
            graph.nodes[index].inputs = [node.inputs[0]]
        }
        try graph.removeAliases { graph, node throws(GraphError) in
            guard let input = node.inputs.first, isIdentity(node, in: graph) else { return nil }
            return input
        }
    }

    private static func isIdentity(_ node: Node, in graph: Graph) -> Bool {
        switch node.operation {
        case .identity, .dropout, .cast(toInteger: false):
            true
        case .reshape, .flatten, .squeeze, .unsqueeze:
            graph.shape(node, 0) == graph.values[node.output].shape
        case .pad:
            graph.constant(node, 1)?.integers?.allSatisfy { $0 == 0 } ?? false
        case .transpose(let permutation?):
            permutation == Array(permutation.indices)
        case .concat:
            node.inputs.count == 1
        default:
            false
        }
    }

    /// The transposition that a reshape of a map is that has the same extents in the same order but for those of 1.
    private static func movedOnes(_ node: Node, in graph: Graph) -> [Int]? {
        guard node.operation.keepsElementOrder, let shape = graph.shape(node, 0), let result = graph.values[node.output].shape,
            shape != result, shape.rank == result.rank, shape.vectorCount == nil, shape.isBatched
        else { return nil }
        let (ones, others) = (shape.dimensions.indices.filter { shape[$0] == 1 }, shape.dimensions.indices.filter { shape[$0] != 1 })
        guard others.map({ shape[$0] }) == result.dimensions.filter({ $0 != 1 }) else { return nil }
        var (nextOne, nextOther) = (ones.makeIterator(), others.makeIterator())
        return result.dimensions.compactMap { $0 == 1 ? nextOne.next() : nextOther.next() }
    }

    /// Whether the result has all of the first input's elements in their order, for operators that do more in general.
    private static func handsElementsOn(_ node: Node, in graph: Graph) -> Bool {
        guard let shape = graph.shape(node, 0), let result = graph.values[node.output].shape else { return false }
        let inference = ShapeInference(graph: graph, node: node)
        switch node.operation {
        case .slice:
            let sizes = shape.dimensions.map { $0.size ?? 1 }
            guard shape == result, let steps = try? inference.sliceSteps(sizes: sizes) else { return false }
            return zip(steps, sizes).allSatisfy { $0.isWhole(of: $1) }
        case .gather(let axis):
            guard let indices = graph.constant(node, 1), let axis = try? inference.resolved(axis: axis, rank: shape.rank),
                indices.count == shape[axis].size ?? 1, let positions = indices.integers
            else { return false }
            return positions.enumerated().allSatisfy { $1 == $0 || $1 == $0 - positions.count }
        case .split, .expand, .tile, .resize:
            return shape.elements == result.elements
        case .reduce(.mean, _), .reduce(.sum, _), .reduce(.maximum, _), .reduce(.minimum, _), .reduce(.product, _):
            return shape.elements == result.elements
        default:
            return false
        }
    }
}

extension Shape {
    /// The extents that are not 1: shapes of one picture that agree in them hold the same elements in the same order.
    fileprivate var elements: [Dimension] { dimensions.filter { $0 != 1 && $0 != .batch } }
}
