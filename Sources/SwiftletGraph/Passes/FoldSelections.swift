extension Pass {
    /// Brings selections of channels into as few copies as can be: a selection of selections or of joined maps is one selection, what takes
    /// all in order is none, one of a convolution's outputs are rows of its weights, and a permutation goes into the weights that read it.
    package static let foldSelections = Pass("fold selections") { graph throws(GraphError) in
        guard graph.nodes.contains(where: { if case .select = $0.operation { true } else { false } }) else { return }
        try graph.composeSelections()
        graph.removeDeadNodes()
        try graph.splitConvolutions()
        graph.removeDeadNodes()
        try graph.absorbPermutations()
    }
}

extension Graph {
    /// Lets every selection, and every concatenation of selections, read what is behind other selections and concatenations.
    fileprivate mutating func composeSelections() throws(GraphError) {
        var composer = SelectionComposer(self)
        for node in nodes { try composer.visit(node) }
        budget = composer.graph.budget
        nodes = composer.nodes
        for index in outputs.indices { outputs[index].value = composer.replacement[outputs[index].value] ?? outputs[index].value }
    }

    /// For every value, the nodes that read it, once for each time that they do.
    func readers() -> [[Int]] {
        var result = [[Int]](repeating: [], count: values.count)
        for (index, node) in nodes.enumerated() {
            for input in node.inputs { result[input].append(index) }
        }
        return result
    }

    // MARK: Rows of weights

    /// Where nothing but selections read a convolution, or the activation behind it, each becomes a convolution with the rows it takes.
    fileprivate mutating func splitConvolutions() throws(GraphError) {
        let readers = readers()
        var isResult = [Bool](repeating: false, count: values.count)
        for output in outputs { isResult[output.value] = true }
        for index in nodes.indices {
            let node = nodes[index]
            guard case .convolution(var convolution) = node.operation, convolution.groups == 1, node.inputs.count == 1 else { continue }
            var value = node.output
            if !isResult[value], readers[value].count == 1, case .activation(let activation) = nodes[readers[value][0]].operation {
                convolution.activation = activation
                value = nodes[readers[value][0]].output
            }
            guard !isResult[value], let parts = selections(readers[value], of: convolution.outputs) else { continue }
            try spend(0, steps: convolution.weights.count, for: node)
            for (number, part) in parts.enumerated() {
                nodes[part.node].operation = .convolution(convolution.rows(part.indices))
                nodes[part.node].inputs = node.inputs
                nodes[part.node].name = "\(node.name)/\(number + 1)"
                nodes[part.node].kind = node.kind
            }
        }
    }

    /// What nodes select of one value; nil when one of them does something else, or they take more than the value's `channels` in all.
    private func selections(_ nodes: [Int], of channels: Int) -> [(node: Int, indices: [Int])]? {
        var parts: [(node: Int, indices: [Int])] = []
        var count = 0
        for index in nodes {
            guard case .select(_, let indices) = self.nodes[index].operation, self.nodes[index].inputs.count == 1 else { return nil }
            count += indices.count
            guard count <= channels else { return nil }
            parts.append((index, indices))
        }
        return parts.isEmpty ? nil : parts
    }

    // MARK: Permutations

    /// Gives up a selection of all channels in another order where everything that reads it can be told the order instead.
    fileprivate mutating func absorbPermutations() throws(GraphError) {
        let readers = readers()
        let shapes = mapShapes()
        var isResult = [Bool](repeating: false, count: values.count)
        for output in outputs { isResult[output.value] = true }
        for index in nodes.indices {
            guard case .select(let axis, let indices) = nodes[index].operation, indices.isPermutation,
                nodes[index].inputs.reduce(0, { $0 + (shapes[$1]?.channels ?? 0) }) == indices.count,
                let region = permutedRegion(of: nodes[index].output, channels: indices.count, readers, isResult)
            else { continue }
            for reader in region {
                try spend(0, steps: indices.count, for: nodes[reader])
                if case .convolution(let convolution) = nodes[reader].operation {
                    try spend(0, steps: convolution.weights.count, for: nodes[reader])
                }
                nodes[reader].operation = nodes[reader].operation.reading(indices)
            }
            nodes[index].operation = nodes[index].inputs.count > 1 ? .concat(axis: axis) : .identity
        }
        try removeAliases { _, node throws(GraphError) in
            if case .identity = node.operation { node.inputs[0] } else { nil }
        }
    }

    /// The nodes that a change of the order of `value`'s channels reaches, up to the convolutions where it ends; nil when it ends
    /// elsewhere, or not soon.
    private func permutedRegion(of value: ValueID, channels: Int, _ readers: [[Int]], _ isResult: [Bool]) -> [Int]? {
        let limit = 16
        var region: [Int] = []
        var open = [value]
        while let value = open.popLast() {
            guard !isResult[value], region.count + readers[value].count <= limit else { return nil }
            for index in readers[value] {
                let node = nodes[index]
                guard node.inputs.count == 1, !region.contains(index) else { return nil }
                region.append(index)
                switch node.operation {
                case .convolution(let convolution) where convolution.groups == 1: continue
                case .convolution(let convolution) where convolution.isDepthwise && convolution.groups == channels: break
                case .globalAveragePool, .pool, .activation, .affine, .zeroPadding, .resample: break
                default: return nil
                }
                open.append(node.output)
            }
        }
        return region
    }
}

extension NodeOperation {
    /// This operation, given a value whose channel `order[i]` is what channel i was. What works channel by channel hands the order on.
    fileprivate func reading(_ order: [Int]) -> NodeOperation {
        func moved<T>(_ values: [T]) -> [T] {
            var result = values
            for (index, channel) in order.enumerated() { result[channel] = values[index] }
            return result
        }
        switch self {
        case .convolution(let convolution) where convolution.groups == 1:
            return .convolution(convolution.reading(order))
        case .convolution(var convolution):
            let taps = convolution.weights.count / convolution.outputs
            let rows = (0..<convolution.outputs).map { Array(convolution.weights[$0 * taps..<($0 + 1) * taps]) }
            convolution.weights = moved(rows).flatMap { $0 }
            convolution.bias = moved(convolution.bias)
            return .convolution(convolution)
        case .affine(var affine):
            if affine.scale.count > 1 { affine.scale = moved(affine.scale) }
            if affine.shift.count > 1 { affine.shift = moved(affine.shift) }
            return .affine(affine)
        default:
            return self
        }
    }
}

extension Convolution {
    /// The outputs `indices` of this convolution of one group.
    fileprivate func rows(_ indices: [Int]) -> Convolution {
        var result = self
        let perOutput = weights.count / outputs
        result.bias = indices.map { bias[$0] }
        result.weights = indices.flatMap { weights[$0 * perOutput..<($0 + 1) * perOutput] }
        return result
    }

    /// This convolution of one group for an input whose channel `order[i]` is what channel i was.
    fileprivate func reading(_ order: [Int]) -> Convolution {
        var result = self
        for start in stride(from: 0, to: weights.count, by: order.count) {
            for (index, channel) in order.enumerated() { result.weights[start + channel] = weights[start + index] }
        }
        return result
    }
}

extension [Int] {
    /// Whether it holds each of 0 ..< count once.
    fileprivate var isPermutation: Bool {
        var seen = [Bool](repeating: false, count: count)
        for index in self {
            guard indices.contains(index), !seen[index] else { return false }
            seen[index] = true
        }
        return true
    }
}
