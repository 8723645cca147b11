import SwiftletGraph

/// Builds a graph from a decoded file, checking every name and count.
struct ONNXGraphReader {
    private var proto: ONNX_GraphProto
    private let opset: Int
    private let file: String
    private var graph: Graph
    private var values: [String: ValueID] = [:]

    init(_ proto: ONNX_GraphProto, opset: Int, file: String) {
        self.proto = proto
        self.opset = opset
        self.file = file
        graph = Graph(name: proto.name)
    }

    mutating func graph(inputSize: (height: Int, width: Int)?) throws(ONNXError) -> Graph {
        let translations = try translateNodes()
        try addInitializers()
        try addInput(size: inputSize)
        var names = UniqueNames()
        for (node, translation) in zip(proto.node, translations) {
            try add(node, translation, name: names.unique(self.name(of: node)))
        }
        guard proto.output.count == 1 else {
            throw .unsupportedModel(file: file, reason: "it has \(proto.output.count) outputs instead of one")
        }
        guard let output = values[proto.output[0].name] else { throw malformed("nothing computes its output '\(proto.output[0].name)'") }
        graph.output = output
        return graph
    }

    private func malformed(_ reason: String) -> ONNXError { .malformed(file: file, reason: reason) }

    private func name(of node: ONNX_NodeProto) -> String {
        node.name.isEmpty ? node.output.first ?? node.opType : node.name
    }

    // MARK: Translation

    /// All nodes in the graph's terms, or one error with all that cannot be.
    private func translateNodes() throws(ONNXError) -> [ONNXTranslation] {
        var read = Set(proto.node.flatMap(\.input))
        read.formUnion(proto.output.map(\.name))

        var translations: [ONNXTranslation] = []
        var unsupported: [UnsupportedNode] = []
        for node in proto.node {
            do throws(ONNXProblem) {
                if let extra = node.output.dropFirst().first(where: { !$0.isEmpty && read.contains($0) }) {
                    throw .unsupported("its further output '\(extra)' is used")
                }
                translations.append(try ONNXNode(proto: node, opset: opset).translated())
            } catch {
                switch error {
                case .unsupported(let reason):
                    unsupported.append(UnsupportedNode(name: name(of: node), kind: node.opType, reason: reason))
                case .malformed(let reason):
                    throw malformed("node '\(name(of: node))': \(reason)")
                }
            }
        }
        guard unsupported.isEmpty else { throw .unsupported(file: file, nodes: unsupported) }
        return translations
    }

    // MARK: Values

    private mutating func addInitializers() throws(ONNXError) {
        let read = Set(proto.node.flatMap(\.input) + proto.output.map(\.name))
        // Each is given up as soon as it is a constant, so that the weights are in memory once.
        var tensors = proto.initializer
        proto.initializer = []
        var integers = 0
        for index in tensors.indices {
            let tensor = tensors[index]
            tensors[index] = ONNX_TensorProto()
            guard !tensor.name.isEmpty else { throw malformed("an initializer has no name") }
            guard values[tensor.name] == nil else { throw malformed("two initializers are called '\(tensor.name)'") }
            do throws(ONNXProblem) {
                // Nobody reads it; that it is there hides an input of its name.
                let constant = read.contains(tensor.name) ? try tensor.constant() : Constant(integers: [])
                if case .integers = constant.elements { integers += constant.count }
                guard integers <= ONNX_TensorProto.integerLimit else {
                    throw .malformed("its initializers hold more integers than the shapes and indices of a network take")
                }
                values[tensor.name] = graph.addConstant(constant, name: tensor.name)
            } catch {
                switch error {
                case .malformed(let reason): throw malformed(reason)
                case .unsupported(let reason): throw .unsupportedModel(file: file, reason: reason)
                }
            }
        }
    }

    /// Old files list initializers among the inputs, too.
    private mutating func addInput(size: (height: Int, width: Int)?) throws(ONNXError) {
        let inputs = proto.input.filter { values[$0.name] == nil }
        guard inputs.count == 1 else { throw .unsupportedModel(file: file, reason: "it has \(inputs.count) inputs instead of one") }
        guard !inputs[0].name.isEmpty else { throw malformed("its input has no name") }
        let shape = try ONNXInputShape(inputs[0], file: file).resolved(size)
        graph.input = graph.addValue(inputs[0].name, shape: shape)
        values[inputs[0].name] = graph.input
    }

    // MARK: Nodes

    private mutating func add(_ node: ONNX_NodeProto, _ translation: ONNXTranslation, name: String) throws(ONNXError) {
        guard let output = node.output.first, !output.isEmpty else { throw malformed("node '\(name)' has no output") }
        guard values[output] == nil else { throw malformed("'\(output)' is computed twice") }
        switch translation.result {
        case .constant(let constant):
            values[output] = graph.addConstant(constant, name: output)
        case .operation(let operation):
            var inputs = try self.inputs(of: node, name)
            if case .firstAnd(let constants) = translation.inputs {
                inputs = inputs.prefix(1) + constants.map { graph.addConstant($0) }
            }
            guard inputs.count >= translation.required else {
                throw malformed("node '\(name)' has \(inputs.count) inputs, but \(node.opType) needs \(translation.required)")
            }
            values[output] = graph.addNode(name, kind: node.opType, operation, inputs, output: graph.addValue(output))
        }
    }

    private mutating func inputs(of node: ONNX_NodeProto, _ name: String) throws(ONNXError) -> [ValueID] {
        var inputs: [ValueID] = []
        for input in node.input.prefix((node.input.lastIndex { !$0.isEmpty } ?? -1) + 1) {
            if input.isEmpty {
                inputs.append(graph.addConstant(Constant(integers: [])))
            } else if let value = values[input] {
                inputs.append(value)
            } else {
                throw malformed("node '\(name)' reads '\(input)', which nothing before it computes")
            }
        }
        return inputs
    }
}
