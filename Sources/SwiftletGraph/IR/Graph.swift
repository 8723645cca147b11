/// The index of a value in `Graph.values`.
package typealias ValueID = Int

/// A model as the importers read it, and while rewrites bring it into the form that `Network` has. Maps are NCHW.
///
/// Nodes are in an order in which they can run, each with one output, and every value has at most one node that computes it.
package struct Graph: Sendable {
    package var name: String
    package var values: [Value] = []
    package var nodes: [Node] = []
    package var input: ValueID = 0
    /// In the source model's order. There is at least one.
    package var outputs = [GraphOutput(name: "", value: 0)]
    /// How many pictures the source model takes at once, where it says so.
    package var declaredBatch: Int?
    /// The program that wrote the source model, as it calls itself; empty where the file does not say.
    package var producer = ""
    /// Its version, as it calls it; empty where the file does not say.
    package var producerVersion = ""
    /// The files beside the source model that its weights are in, as paths, in the order of their names.
    package var dataFiles: [String] = []
    /// What is done to the input before anything else.
    package var inputScaling = InputScaling()
    var budget = RewriteBudget()

    package init(name: String) {
        self.name = name
    }
}

/// One of the results that a model gives.
package struct GraphOutput: Sendable, Equatable {
    /// The source model's.
    package var name: String
    package var value: ValueID
    /// What was taken off behind `value`.
    package var head: Head

    package init(name: String, value: ValueID, head: Head = .none) {
        self.name = name
        self.value = value
        self.head = head
    }
}

package struct Value: Sendable {
    package var name: String
    /// Known for the input and for constants, and for all values once shapes are inferred.
    package var shape: Shape?
    package var constant: Constant?
    /// The largest magnitude that whoever quantized the model saw, where the file says it of a value that is on no grid.
    package var observed: Float?
    /// What all who read it find it on; known once the roundings have been attached.
    package var grid: PublishedGrid? {
        get { grids.first }
        set { grids = newValue.map { [$0] } ?? [] }
    }
    /// None or one: a list takes little room where there is none.
    var grids: [PublishedGrid] = []
}

package struct Node: Sendable {
    /// The source model's name, unique.
    package var name: String
    /// The source model's operator type, for messages; empty where the node is part of an operator that has another node.
    package var kind: String
    package var operation: NodeOperation
    package var inputs: [ValueID]
    package var output: ValueID
}

extension Graph {
    /// The first output's value.
    package var output: ValueID {
        get { outputs[0].value }
        set { outputs[0].value = newValue }
    }
}

// MARK: Building

extension Graph {
    package mutating func addValue(_ name: String, shape: Shape? = nil) -> ValueID {
        values.append(Value(name: name, shape: shape))
        return values.count - 1
    }

    /// Adds a constant that came with the model.
    package mutating func addConstant(_ constant: Constant, name: String = "") -> ValueID {
        budget.grant(constant.count)
        return addComputed(constant, name: name)
    }

    /// Adds a constant that a rewrite has made, and paid for.
    mutating func addComputed(_ constant: Constant, name: String = "") -> ValueID {
        values.append(Value(name: name, shape: Shape(fixed: constant.shape), constant: constant))
        return values.count - 1
    }

    /// Appends a node and returns its output.
    @discardableResult
    package mutating func addNode(
        _ name: String, kind: String? = nil, _ operation: NodeOperation, _ inputs: [ValueID], output: ValueID? = nil
    ) -> ValueID {
        let output = output ?? addValue(name)
        nodes.append(Node(name: name, kind: kind ?? operation.label, operation: operation, inputs: inputs, output: output))
        return output
    }
}

extension NodeOperation {
    /// The case's name.
    var label: String { String("\(self)".prefix { $0 != "(" }) }
}

// MARK: Looking things up

extension Graph {
    func constant(_ node: Node, _ position: Int) -> Constant? {
        position < node.inputs.count ? values[node.inputs[position]].constant : nil
    }

    /// An optional input that is there: not left out at the end, and not the empty constant that stands for one left out before another.
    func hasInput(_ node: Node, _ position: Int) -> Bool {
        guard position < node.inputs.count else { return false }
        return constant(node, position)?.count != 0
    }

    func shape(_ node: Node, _ position: Int) -> Shape? {
        position < node.inputs.count ? values[node.inputs[position]].shape : nil
    }

    /// For every value, the index of the node that computes it.
    func producers() -> [Int?] {
        var result = [Int?](repeating: nil, count: values.count)
        for (index, node) in nodes.enumerated() { result[node.output] = index }
        return result
    }

    /// For every value, how often nodes read it; being an output of the graph counts as once.
    func useCounts() -> [Int] {
        var result = [Int](repeating: 0, count: values.count)
        for node in nodes {
            for input in node.inputs { result[input] += 1 }
        }
        for output in outputs { result[output.value] += 1 }
        return result
    }
}

extension Graph {
    /// For every value, what is at the start of the chain of reshapes that ends in it: itself where there is none.
    func reshapingSources() -> [ValueID] {
        var sources = Array(values.indices)
        for node in nodes where node.operation.keepsElementOrder { sources[node.output] = sources[node.inputs[0]] }
        return sources
    }
}

// MARK: Changing

extension Graph {
    /// Takes what `node` makes out of the budget: see `RewriteBudget.spend`.
    mutating func spend(_ count: Int, steps: Int = 0, for node: Node) throws(GraphError) {
        try budget.spend(count, steps: steps, for: node)
    }

    /// Drops nodes that no output depends on.
    mutating func removeDeadNodes() {
        var isLive = [Bool](repeating: false, count: values.count)
        for output in outputs { isLive[output.value] = true }
        var kept: [Node] = []
        for node in nodes.reversed() where isLive[node.output] {
            for input in node.inputs { isLive[input] = true }
            kept.append(node)
        }
        nodes = kept.reversed()
    }

    /// Drops every node for which `source` names a value that its output equals, and lets readers use that one. Nodes are visited in order,
    /// their inputs already replaced.
    mutating func removeAliases(_ source: (Graph, Node) throws(GraphError) -> ValueID?) throws(GraphError) {
        var replacement = Array(values.indices)
        var kept: [Node] = []
        for var node in nodes {
            node.inputs = node.inputs.map { replacement[$0] }
            if let value = try source(self, node) {
                replacement[node.output] = value
            } else {
                kept.append(node)
            }
        }
        nodes = kept
        for index in outputs.indices { outputs[index].value = replacement[outputs[index].value] }
    }
}
