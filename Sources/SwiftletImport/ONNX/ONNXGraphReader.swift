import SwiftletGraph

/// Builds a graph from a decoded file, checking every name and count.
struct ONNXGraphReader {
    /// More results than this are a mistake, or meant to take time.
    private static let mostOutputs = 64

    private var proto: ONNX_GraphProto
    private let opset: Int
    private let file: String
    let files: ONNXExternalData
    /// What some node reads, or what is a result.
    private let read: Set<String>
    var graph: Graph
    var values: [String: ValueID] = [:]
    var names = UniqueNames()
    /// What is known of names that hold integers.
    var integers: ONNXIntegers
    /// The grids of a model that is int8 already; nil for one in floats.
    var quantization: PublishedQuantization?

    /// - Parameter folder: where the files lie that hold what the model leaves out.
    init(_ proto: ONNX_GraphProto, opset: Int, file: String, folder: String?) {
        self.proto = proto
        self.opset = opset
        self.file = file
        files = ONNXExternalData(folder: folder)
        read = Set(proto.node.flatMap(\.input) + proto.output.map(\.name))
        graph = Graph(name: proto.name)
        integers = ONNXIntegers(proto, files)
    }

    mutating func graph(inputSize: (height: Int, width: Int)?) throws(ONNXError) -> Graph {
        let isLive = liveNodes()
        try addInitializers()
        try addInput(size: inputSize)
        for (node, isLive) in zip(proto.node, isLive) {
            // A node that no result depends on is a source of names alone.
            let name = names.unique(self.name(of: node))
            if isLive, ONNXNode.isInt8Operator(node.opType) {
                try addQuantized(node, name)
            } else {
                try add(node, isLive ? translation(of: node) : .unsupported(""), name: name)
            }
        }
        try addOutputs()
        graph.dataFiles = files.paths
        return graph
    }

    func malformed(_ reason: String) -> ONNXError { .malformed(file: file, reason: reason) }

    func node(_ proto: ONNX_NodeProto) -> ONNXNode { ONNXNode(proto: proto, opset: opset, files: files, read: read) }

    private func name(of node: ONNX_NodeProto) -> String {
        node.name.isEmpty ? node.output.first ?? node.opType : node.name
    }

    // MARK: Translation

    /// By node, whether a result depends on it.
    private func liveNodes() -> [Bool] {
        var needed = Set(proto.output.map(\.name))
        var isLive = [Bool](repeating: false, count: proto.node.count)
        for (index, node) in proto.node.enumerated().reversed() where node.output.contains(where: { !$0.isEmpty && needed.contains($0) }) {
            isLive[index] = true
            needed.formUnion(node.input)
        }
        return isLive
    }

    /// The node in the graph's terms. What has none becomes an unsupported node there: all of these are reported together.
    private func translation(of node: ONNX_NodeProto) throws(ONNXError) -> ONNXTranslation {
        do throws(ONNXProblem) {
            try integers.check(node)
            return try self.node(node).translated()
        } catch {
            switch error {
            case .unsupported(let reason): return .unsupported(reason)
            case .malformed(let reason): throw malformed("node '\(name(of: node))': \(reason)")
            }
        }
    }

    // MARK: Values

    private mutating func addInitializers() throws(ONNXError) {
        // Each is given up as soon as it is a constant, so that the weights are in memory once.
        var tensors = proto.initializer
        proto.initializer = []
        var integers = 0
        for index in tensors.indices {
            let tensor = tensors[index]
            tensors[index] = ONNX_TensorProto()
            guard !tensor.name.isEmpty else { throw malformed("an initializer has no name") }
            guard values[tensor.name] == nil else { throw malformed("two initializers are called '\(tensor.name)'") }
            if self.integers.store(tensor) {
                // It becomes floats where it is dequantized.
                values[tensor.name] = graph.addConstant(Constant(integers: []), name: tensor.name)
                continue
            }
            do throws(ONNXProblem) {
                // Nobody reads it; that it is there hides an input of its name.
                let constant = read.contains(tensor.name) ? try tensor.constant(files) : Constant(integers: [])
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

    /// Old files list initializers among the inputs, too. Inputs that nothing reads are none.
    private mutating func addInput(size: (height: Int, width: Int)?) throws(ONNXError) {
        var inputs = proto.input.filter { values[$0.name] == nil }
        if inputs.count > 1 { inputs.removeAll { !read.contains($0.name) } }
        guard let input = inputs.first, inputs.count == 1 else {
            let names = inputs.count > 1 ? ": " + inputs.prefix(4).map { "'\($0.name)'" }.joined(separator: ", ") : ""
            throw .unsupportedModel(file: file, reason: "it has \(inputs.count) inputs instead of one" + names)
        }
        guard !input.name.isEmpty else { throw malformed("its input has no name") }
        let shape = try DeclaredInputShape(input, file: file)
        graph.input = graph.addValue(input.name, shape: try shape.resolved(size, file: file))
        graph.declaredBatch = shape.batch
        graph.inputScaling.takesIntegers = input.holdsIntegers
        values[input.name] = graph.input
    }

    private mutating func addOutputs() throws(ONNXError) {
        guard (1...Self.mostOutputs).contains(proto.output.count) else {
            throw .unsupportedModel(file: file, reason: "it has \(proto.output.count) outputs; 1 to \(Self.mostOutputs) can be read")
        }
        graph.outputs = []
        for output in proto.output {
            guard let value = values[output.name] else { throw malformed("nothing computes its output '\(output.name)'") }
            graph.outputs.append(GraphOutput(name: output.name, value: value))
        }
    }

    // MARK: Nodes

    private mutating func add(_ node: ONNX_NodeProto, _ translation: ONNXTranslation, name: String) throws(ONNXError) {
        guard node.output.contains(where: { !$0.isEmpty }) else { throw malformed("node '\(name)' has no output") }
        var inputs = try self.inputs(of: node, name)
        for (position, output) in node.output.enumerated() where !output.isEmpty {
            guard values[output] == nil else { throw malformed("'\(output)' is computed twice") }
            guard position == 0 || read.contains(output) else { continue }
            if translation.isUnsupported, position > 0 {
                values[output] = graph.addValue(output)
                continue
            }
            guard let steps = translation.steps(output: position) else {
                let value = graph.addValue(output)
                values[output] = graph.addNode(
                    name, kind: node.opType, .unsupported("its further output '\(output)' is used"), inputs, output: value)
                continue
            }
            if translation.takesFirstInputOnly { inputs = Array(inputs.prefix(1)) }
            guard inputs.count >= translation.required else {
                throw malformed("node '\(name)' has \(inputs.count) inputs, but \(node.opType) needs \(translation.required)")
            }
            values[output] = add(steps, inputs, of: node, name, output: output)
            self.integers.handOn(node, to: output)
        }
    }

    /// Adds what a node takes in the graph, one step after another, and returns the last one's output.
    private mutating func add(
        _ steps: [ONNXTranslation.Step], _ inputs: [ValueID], of node: ONNX_NodeProto, _ name: String, output: String
    ) -> ValueID {
        var value = inputs.first
        for (number, step) in steps.enumerated() {
            let isLast = number == steps.count - 1
            let stepName = number == 0 ? name : names.unique("\(name)/\(number + 1)")
            switch step.kind {
            case .constant(let constant):
                value = graph.addConstant(constant, name: output)
            case .operation(let operation):
                // The first step has the node's inputs, the others what the step before has made and one more of the inputs.
                var taken = number == 0 ? inputs : [value].compactMap(\.self)
                if let further = step.input { taken = (number == 0 ? inputs.prefix(1) : taken[...]) + [inputs[further]] }
                taken += step.constants.map { graph.addConstant($0) }
                let result = graph.addValue(isLast ? output : stepName)
                value = graph.addNode(stepName, kind: node.opType, operation, taken, output: result)
            }
        }
        return value ?? graph.addValue(output)
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
