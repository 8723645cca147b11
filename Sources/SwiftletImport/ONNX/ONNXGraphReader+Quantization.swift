import SwiftletGraph

/// Operators of models that are int8 already. A value of integers is in the graph the floats that these stand for, put on the grid that the
/// file has it on; weights and biases become floats.
extension ONNXGraphReader {
    mutating func addQuantized(_ node: ONNX_NodeProto, _ name: String) throws(ONNXError) {
        guard let output = node.output.first, !output.isEmpty else { throw malformed("node '\(name)' has no output") }
        for output in node.output where !output.isEmpty && values[output] != nil { throw malformed("'\(output)' is computed twice") }
        for input in node.input where !input.isEmpty && values[input] == nil {
            throw malformed("node '\(name)' reads '\(input)', which nothing before it computes")
        }
        do throws(ONNXProblem) {
            values[output] = try translateQuantized(ONNXQuantizedNode(proto: node, name: name))
        } catch {
            switch error {
            case .malformed(let reason): throw malformed("node '\(name)': \(reason)")
            case .unsupported(let reason):
                for output in node.output where !output.isEmpty && values[output] == nil {
                    values[output] = graph.addNode(
                        names.unique(name), kind: node.opType, .unsupported(reason), [], output: graph.addValue(output))
                }
            }
        }
    }

    private mutating func translateQuantized(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        switch step.proto.opType {
        case "QuantizeLinear": return try quantize(step)
        case "DequantizeLinear": return try dequantize(step)
        case "DynamicQuantizeLinear": return try quantizeDynamically(step)
        case "ConvInteger", "MatMulInteger": return try integerProduct(step)
        default: return try integerOperator(step)
        }
    }

    // MARK: QDQ

    private mutating func quantize(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        use(.pairs)
        guard step.has(2) || !step.has("output_dtype") else { throw .unsupported("it states its element type as an attribute") }
        let x = try value(step, 0)
        var grid = try grid(step, scale: 1, zero: 2, range: 0...255)
        grid.axis = try axis(of: step, grid)
        if let floats = graph.values[x].constant?.floats, let shape = graph.values[x].constant?.shape {
            try check(grid, shape)
            guard let constant = Constant(shape: shape, elements: .floats(grid.rounded(floats, shape: shape))) else {
                throw .malformed("its input has the shape \(shape)")
            }
            quantization?.weights[step.output] = grid
            integers.grids[step.output] = grid
            return graph.addConstant(constant, name: step.output)
        }
        return round(x, grid, step, named: graph.values[x].name)
    }

    private mutating func dequantize(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        use(.pairs)
        let source = try step.input(0)
        var grid = try grid(step, scale: 1, zero: 2, range: integers.range(of: source) ?? integers.grids[source]?.range ?? 0...255)
        grid.axis = try axis(of: step, grid)
        if let known = integers.grids[source] {
            return known.hasValues(of: grid) ? try value(step, 0) : try renumbered(step, from: known, to: grid)
        }
        if let constant = try constant(source, grid, named: step.output) { return constant }
        guard !grid.isPerAxis else { throw .unsupported("it dequantizes integers that are computed, with a scale a channel") }
        // Integers that are the model's input, or that an operator has rearranged.
        let zero = graph.addConstant(Constant(Float(grid.zeroPoints[0])))
        let difference = add(step, .binary(.subtract), [try value(step, 0), zero], "/zero")
        return add(step, .binary(.multiply), [difference, graph.addConstant(Constant(grid.scales[0]))])
    }

    /// What the integers of one grid stand for on another.
    private mutating func renumbered(
        _ step: ONNXQuantizedNode, from known: PublishedGrid, to grid: PublishedGrid
    ) throws(ONNXProblem) -> ValueID {
        guard !known.isPerAxis, !grid.isPerAxis, !known.isNothing else {
            throw .unsupported("it dequantizes with another scale than that of '\(try step.input(0))'")
        }
        let (scale, steps) = (grid.scales[0], known.zeroPoints[0] - grid.zeroPoints[0])
        let factor = graph.addConstant(Constant(scale / known.scales[0]))
        let scaled = add(step, .binary(.multiply), [try value(step, 0), factor], steps == 0 ? "" : "/scaled")
        return steps == 0 ? scaled : add(step, .binary(.add), [scaled, graph.addConstant(Constant(Float(steps) * scale))])
    }

    /// Where a scale is one a channel, the axis of the channels.
    private func axis(of step: ONNXQuantizedNode, _ grid: PublishedGrid) throws(ONNXProblem) -> Int? {
        guard grid.isPerAxis else { return nil }
        let node = node(step.proto)
        guard try node.integer("block_size", default: 0) == 0 else { throw .unsupported("it quantizes in blocks") }
        return try node.integer("axis", default: 1)
    }

    // MARK: Scales that are computed while the model runs

    /// In the graph, what it reads, with a scale of 1: whoever multiplies by the scale multiplies by 1.
    private mutating func quantizeDynamically(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        use(.dynamic)
        let outputs = step.proto.output
        if outputs.count > 1, !outputs[1].isEmpty { values[outputs[1]] = graph.addConstant(Constant(1), name: outputs[1]) }
        if outputs.count > 2, !outputs[2].isEmpty { values[outputs[2]] = graph.addConstant(Constant(0), name: outputs[2]) }
        integers.dynamic.insert(step.output)
        return try value(step, 0)
    }

    /// ConvInteger and MatMulInteger: x, weights, their zero points. A scale is multiplied behind them.
    private mutating func integerProduct(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        use(.operators)
        let source = try step.input(0)
        let weights = try step.input(1)
        guard let range = integers.range(of: weights) else { throw .unsupported("its weights are computed while the model runs") }
        var grid = PublishedGrid(scales: [1], zeroPoints: [0], lowest: range.lowerBound, highest: range.upperBound)
        if step.has(3) {
            grid.zeroPoints = try numbers(step.input(3)).compactMap { Int(exactly: $0) }
            guard grid.zeroPoints.count == 1 else { throw .unsupported("weights with a zero point a channel") }
        }
        guard let constant = try constant(weights, grid, named: weights) else {
            throw .unsupported("its weights are computed while the model runs")
        }
        let operation = step.proto.opType == "ConvInteger" ? try node(step.proto).conv() : .matMul
        if integers.dynamic.contains(source) { return add(step, operation, [try value(step, 0), constant]) }
        guard let known = integers.grids[source], !known.isPerAxis else { throw .unsupported("its input has no scale") }
        let product = add(step, operation, [try value(step, 0), constant], "/product")
        return add(step, .binary(.divide), [product, graph.addConstant(Constant(known.scales[0]))])
    }

    // MARK: Grids

    /// The form by what was met first; scales that are computed win, since they decide what can be done.
    mutating func use(_ form: PublishedQuantization.Form) {
        guard let known = quantization?.form else {
            quantization = PublishedQuantization(form: form)
            return
        }
        if form == .dynamic || form == .operators && known == .pairs { quantization?.form = form }
    }

    /// The grid that two inputs of a node say.
    /// - Parameter range: of the integers, where the zero point is left out.
    func grid(_ step: ONNXQuantizedNode, scale: Int, zero: Int, range fallback: ClosedRange<Int>) throws(ONNXProblem) -> PublishedGrid {
        let scales = try numbers(step.input(scale))
        var range = fallback
        var zeros = [Int](repeating: 0, count: scales.count)
        if step.has(zero) {
            let name = try step.input(zero)
            let given = try numbers(name).compactMap { Int(exactly: $0) }
            range = integers.range(of: name) ?? fallback
            guard given.count == scales.count else {
                throw .malformed("its zero point has \(given.count) numbers instead of \(scales.count)")
            }
            zeros = given
        }
        guard !scales.isEmpty, scales.allSatisfy({ $0.isFinite && $0 >= 0 }), zeros.allSatisfy(range.contains) else {
            throw .malformed("its scale or zero point cannot be")
        }
        return PublishedGrid(scales: scales, zeroPoints: zeros, lowest: range.lowerBound, highest: range.upperBound)
    }

    /// The numbers of a scale or zero point.
    private func numbers(_ name: String) throws(ONNXProblem) -> [Float] {
        if let tensor = integers.stored[name] { return try tensor.codes(files).numbers }
        guard let value = values[name], let floats = graph.values[value].constant?.floats else {
            throw .unsupported("its scale or zero point '\(name)' is computed while the model runs")
        }
        return floats
    }

    func check(_ grid: PublishedGrid, _ shape: [Int]) throws(ONNXProblem) {
        guard grid.isPerAxis, let axis = grid.axis else { return }
        let counted = axis < 0 ? axis + shape.count : axis
        guard shape.indices.contains(counted), shape[counted] == grid.scales.count else {
            throw .malformed("\(grid.scales.count) scales along axis \(axis) of the shape \(shape.prefix(8))")
        }
    }

    // MARK: Values

    func value(_ step: ONNXQuantizedNode, _ position: Int) throws(ONNXProblem) -> ValueID {
        guard let value = values[try step.input(position)] else { throw .malformed("its input \(position) is missing") }
        return value
    }

    /// The floats that a constant's integers stand for; nil for what is no constant.
    mutating func constant(_ name: String, _ grid: PublishedGrid, named output: String) throws(ONNXProblem) -> ValueID? {
        var codes = try integers.codes(name)
        if codes == nil, let value = values[name], let constant = graph.values[value].constant, case .integers = constant.elements {
            codes = constant.floats.map { ($0, constant.shape) }
        }
        guard let (numbers, shape) = codes else { return nil }
        try check(grid, shape)
        guard let constant = Constant(shape: shape, elements: .floats(grid.dequantized(numbers, shape: shape))) else {
            throw .malformed("'\(name)' has the shape \(shape)")
        }
        quantization?.weights[output] = grid
        return graph.addConstant(constant, name: output)
    }

    /// A value on its grid, which is also that of the node's output as integers.
    mutating func round(
        _ x: ValueID, _ grid: PublishedGrid, _ step: ONNXQuantizedNode, named name: String, _ suffix: String = ""
    ) -> ValueID {
        quantization?.activations[name] = grid
        integers.grids[step.output] = grid
        return add(step, .rounded(grid), [x], suffix)
    }

    /// Appends a node; the one without a suffix has the source's name and output.
    mutating func add(_ step: ONNXQuantizedNode, _ operation: NodeOperation, _ inputs: [ValueID], _ suffix: String = "") -> ValueID {
        let name = suffix.isEmpty ? step.name : names.unique(step.name + suffix)
        return graph.addNode(
            name, kind: suffix.isEmpty ? step.proto.opType : "", operation, inputs,
            output: graph.addValue(suffix.isEmpty ? step.output : name))
    }
}

/// A node that reads or writes integers, by its inputs' positions.
struct ONNXQuantizedNode {
    let proto: ONNX_NodeProto
    /// Unique.
    let name: String

    var output: String { proto.output.first ?? "" }

    /// Whether an input is there.
    func has(_ position: Int) -> Bool { position < proto.input.count && !proto.input[position].isEmpty }

    func has(_ attribute: String) -> Bool { proto.attribute.contains { $0.name == attribute } }

    func input(_ position: Int) throws(ONNXProblem) -> String {
        guard has(position) else { throw .malformed("its input \(position) is missing") }
        return proto.input[position]
    }
}

extension PublishedGrid {
    var range: ClosedRange<Int> { lowest...highest }
}
