/// Turns a graph that the passes have brought into fused form into a network. What is left in another form is unsupported.
struct NetworkConversion {
    private let graph: Graph
    private let shapes: [MapShape?]

    /// Inputs of a layer that a .slet file can number.
    private static let mostInputs = 255

    init(_ graph: Graph) {
        self.graph = graph
        shapes = graph.mapShapes()
    }

    func network() throws(GraphError) -> Network {
        let unsupported = graph.nodes.compactMap { node in
            reason(node).map { UnsupportedNode(name: node.name, kind: node.kind, reason: $0) }
        }
        guard unsupported.isEmpty else { throw .unsupported(unsupported) }
        guard shapes[graph.input] != nil else {
            throw .invalid(node: graph.values[graph.input].name, reason: "the input is neither a map nor a vector")
        }
        for output in graph.outputs {
            guard output.value != graph.input else {
                throw .invalid(node: graph.values[output.value].name, reason: "the output is the input: there is nothing to compute")
            }
            guard shapes[output.value] != nil else {
                throw .invalid(node: graph.values[output.value].name, reason: "the output does not depend on the input")
            }
        }
        var network = Network(name: graph.name)
        var tensors: [ValueID: Int] = [:]
        for value in [graph.input] + graph.nodes.map(\.output) {
            guard let shape = shapes[value] else { continue }
            tensors[value] = network.tensors.count
            var tensor = Tensor(name: graph.values[value].name, height: shape.height, width: shape.width, channels: shape.channels)
            tensor.grid = graph.values[value].grid
            tensor.observed = graph.values[value].observed
            network.tensors.append(tensor)
        }
        for node in graph.nodes {
            guard let operation = node.operation.lowered, let output = tensors[node.output] else { continue }
            network.layers.append(
                Layer(name: node.name, operation: operation, inputs: orderedInputs(node).compactMap { tensors[$0] }, output: output))
        }
        network.input = tensors[graph.input] ?? 0
        network.inputScaling = graph.inputScaling
        network.outputs = graph.outputs.map { NetworkOutput(name: $0.name, tensor: tensors[$0.value] ?? 0, head: $0.head) }
        return network
    }

    /// The larger operand of a multiplication or addition comes first.
    private func orderedInputs(_ node: Node) -> [ValueID] {
        switch node.operation {
        case .multiply, .add: shapes[node.inputs[0]] == shapes[node.output] ? node.inputs : node.inputs.reversed()
        default: node.inputs
        }
    }

    /// Why there is no layer for `node`; nil when there is one. A node that hangs on an unsupported one is not blamed: what it reads is no
    /// map for that one's sake.
    private func reason(_ node: Node) -> String? {
        if node.operation.lowered == nil {
            guard node.inputs.allSatisfy({ shapes[$0] != nil || graph.values[$0].constant != nil }) else { return nil }
            return node.operation.reasonLeft
        }
        if node.inputs.contains(where: { graph.values[$0].constant != nil }) { return "an operand is a constant that is not one a channel" }
        guard node.inputs.allSatisfy({ shapes[$0] != nil }) else { return nil }
        let described = node.inputs.map { graph.values[$0].shape?.description ?? "?" }.joined(separator: " and ")
        if shapes[node.output] == nil { return "no such operation on \(described)" }
        if case .convolution = node.operation, node.inputs.count == 2, shapes[node.inputs[1]] != shapes[node.output] {
            return "a residual of another shape"
        }
        if case .pool(let pool) = node.operation, pool.window.dilationHeight * pool.window.dilationWidth != 1 { return "a dilated pooling" }
        if node.operation.joins, node.inputs.count > Self.mostInputs {
            return "it joins \(node.inputs.count) maps; \(Self.mostInputs) are the most"
        }
        return nil
    }
}

extension NodeOperation {
    /// The network's operation, for nodes in fused form.
    fileprivate var lowered: Operation? {
        switch self {
        case .convolution(let convolution): .convolution(convolution)
        case .globalAveragePool: .globalAveragePool
        case .pool(let pool): .pool(pool)
        case .multiply: .multiply
        case .add(let activation): .add(activation)
        case .activation(let activation): .activation(activation)
        case .concat: .concatenate(selecting: nil)
        case .select(_, let indices): .concatenate(selecting: indices)
        case .resample(let rows, let columns): .resample(rows: rows, columns: columns)
        default: nil
        }
    }

    fileprivate var joins: Bool {
        switch self {
        case .concat, .select: true
        default: false
        }
    }

    /// Why a node of this kind may not have been rewritten.
    fileprivate var reasonLeft: String {
        switch self {
        case .conv: "its weights or bias are not constants, or it has one dimension and does not run over a vector's channels"
        case .batchNormalization: "its parameters are not constants"
        case .gemm, .matMul: "not a product of one row a picture with a constant matrix"
        case .clip: "its bounds are not single constants"
        case .binary: "not with a constant, or with one that is not one number or one a channel"
        case .reduce(.mean, _): "a mean over other axes than height and width"
        case .reduce: "not a mean or maximum over height and width"
        case .windowedPool: "an average that counts padding together with ceil_mode"
        case .flatten, .reshape, .squeeze, .unsqueeze: "it rearranges a map"
        case .transpose: "it reorders the axes of a map"
        case .pad: "not zeros around a map"
        case .softmax: "not at the end, or not over the classes"
        case .prelu: "its slopes are not constants, one a channel"
        case .slice, .split, .gather: "it does not take channels, rows or columns of a map"
        case .expand, .tile: "it repeats a map, and not only for the arithmetic behind it"
        case .resize: "linear between neighbors by a factor that is no fraction of small numbers, or not over height and width"
        case .answer: "not at the end, or not over the classes"
        case .cast: "a conversion to integers"
        case .affine: "its constants are not one a channel"
        default: "its result is needed while the model runs"
        }
    }
}
