extension Pass {
    /// Finds hard-swish, hard-sigmoid, swish, the two forms of GELU, mish and softplus in the arithmetic that exporters write for them, in
    /// any order and association of the factors.
    ///
    /// Up to scalars, a value is read as `factor * clamp(base * slope + offset, 0, 1)`. Times `base`, with slope 1/6 and offset 1/2, it is
    /// hard-swish, whatever the factor: that stays behind as a scale and goes into neighboring weights. Alone, with a factor of 1, it is
    /// hard-sigmoid.
    package static let recognizeActivations = Pass("recognize activations") { graph throws(GraphError) in
        var finder = ActivationFinder(graph)
        for node in graph.nodes { finder.visit(node) }
        graph = finder.graph
        graph.nodes = finder.nodes
        graph.removeDeadNodes()
    }
}

/// factor * clamp(base * slope + offset, 0, 1)
struct HardSigmoidForm {
    var base: ValueID
    var factor: Double
    var slope: Double
    var offset: Double

    /// Within what single-precision constants such as 0.16666667 leave.
    var isHardSwishGate: Bool { abs(slope - 1.0 / 6) < 1e-6 && abs(offset - 0.5) < 1e-6 }
    var isUnscaled: Bool { abs(factor - 1) < 1e-6 }
    /// More than a clamp between 0 and 1.
    var hasArgument: Bool { slope != 1 || offset != 0 }
}

struct ActivationFinder {
    /// How many scalar multiplications and additions one after another are looked through. Exporters write two or three.
    static let chainLimit = 32

    var graph: Graph
    var nodes: [Node] = []
    /// The nodes emitted so far, by output.
    var definitions: [ValueID: Node] = [:]

    init(_ graph: Graph) {
        self.graph = graph
    }

    fileprivate mutating func visit(_ node: Node) {
        switch node.operation {
        case .multiply:
            let (x, y) = (node.inputs[0], node.inputs[1])
            if let (activation, base, factor) = product(x, y) ?? product(y, x) {
                return emit(node, activation, of: base, times: factor)
            }
            if let gated = gated(x, by: y) ?? gated(y, by: x) { return emit(node, gated) }
        case .unary(.logarithm):
            if let base = softplusArgument(node) { return emit(node, .softplus, of: base, times: 1) }
        case .affine, .activation(.clip):
            if let form = forms(of: node).last, form.isUnscaled, form.hasArgument, form.slope > 0 {
                return emit(node, .hardSigmoid(slope: Float(form.slope), offset: Float(form.offset)), of: form.base, times: 1)
            }
        default:
            break
        }
        emit(node)
    }

    private mutating func emit(_ node: Node) {
        nodes.append(node)
        definitions[node.output] = node
    }

    private mutating func emit(_ node: Node, _ activation: Activation, of base: ValueID, times factor: Double) {
        var node = node
        node.operation = .activation(activation)
        node.inputs = [base]
        guard abs(factor - 1) >= 1e-6 else { return emit(node) }
        let output = node.output
        node.output = graph.addValue(graph.values[output].name + "/unscaled", shape: graph.values[output].shape)
        emit(node)
        emit(
            Node(
                name: node.name + "/scale", kind: node.kind, operation: .affine(Affine(scale: [factor])), inputs: [node.output],
                output: output))
    }

    private mutating func emit(_ node: Node, _ gated: GatedActivation) {
        guard gated.argument != 1 else { return emit(node, gated.activation, of: gated.base, times: gated.factor) }
        let output = graph.addValue(graph.values[node.output].name + "/argument", shape: graph.values[gated.base].shape)
        emit(
            Node(
                name: node.name + "/argument", kind: node.kind, operation: .affine(Affine(scale: [gated.argument])), inputs: [gated.base],
                output: output))
        emit(node, gated.activation, of: output, times: gated.factor / gated.argument)
    }

    /// `gate * value` as an activation of a common base, times a factor.
    private func product(_ gate: ValueID, _ value: ValueID) -> (Activation, base: ValueID, factor: Double)? {
        guard let definition = definitions[gate] else { return nil }
        let forms = forms(of: definition)
        for multiple in multiples(of: value) {
            if case .activation(.sigmoid) = definition.operation, definition.inputs[0] == multiple.base {
                return (.swish, multiple.base, multiple.factor)
            }
            for form in forms where form.base == multiple.base && form.isHardSwishGate {
                return (.hardSwish, form.base, form.factor * multiple.factor)
            }
        }
        return nil
    }

    /// `value` as factor * base: itself, and what it is a scalar multiple of.
    func multiples(of value: ValueID) -> [(base: ValueID, factor: Double)] {
        var result = [(base: value, factor: 1.0)]
        while result.count <= Self.chainLimit, let last = result.last, let node = definitions[last.base],
            let (scale, shift) = node.scalarAffine, shift == 0
        {
            result.append((node.inputs[0], last.factor * scale))
        }
        return result
    }

    /// The node's output in hard-sigmoid form, with every base that scalar arithmetic before the clamp leaves open, the deepest last.
    private func forms(of node: Node) -> [HardSigmoidForm] {
        var node = node
        // From the last multiplication back to the first, as they are to be applied.
        var scales: [Double] = []
        while let (scale, shift) = node.scalarAffine {
            guard shift == 0, scales.count < Self.chainLimit, let inner = definitions[node.inputs[0]] else { return [] }
            scales.append(scale)
            node = inner
        }
        return clampForms(of: node).map { form in
            var form = form
            for scale in scales.reversed() { form.factor *= scale }
            return form
        }
    }

    private func clampForms(of node: Node) -> [HardSigmoidForm] {
        switch node.operation {
        case .activation(.clip(low: 0, let high)) where high > 0:
            let height = Double(high)
            return absorbingArgument(HardSigmoidForm(base: node.inputs[0], factor: height, slope: 1 / height, offset: 0))
        case .activation(.hardSigmoid(let slope, let offset)):
            return absorbingArgument(HardSigmoidForm(base: node.inputs[0], factor: 1, slope: Double(slope), offset: Double(offset)))
        default:
            return []
        }
    }

    private func absorbingArgument(_ form: HardSigmoidForm) -> [HardSigmoidForm] {
        var result = [form]
        while result.count <= Self.chainLimit, let last = result.last, let node = definitions[last.base],
            let (scale, shift) = node.scalarAffine
        {
            let offset = last.offset + last.slope * shift
            result.append(HardSigmoidForm(base: node.inputs[0], factor: last.factor, slope: last.slope * scale, offset: offset))
        }
        return result
    }
}

extension Node {
    var scalarAffine: (scale: Double, shift: Double)? {
        if case .affine(let affine) = operation { affine.scalar } else { nil }
    }
}
