import SwiftletGraph

/// ONNX Runtime's operators on integers (QOperator): each has its inputs' and its output's scales among its inputs.
extension ONNXGraphReader {
    mutating func integerOperator(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        use(.operators)
        switch step.proto.opType {
        case "QLinearConv": return try finish(step, try node(step.proto).conv(), try weighted(step, weightAxis: 0, bias: 8), 6)
        case "QLinearMatMul": return try finish(step, .matMul, try weighted(step, weightAxis: -1, bias: nil), 6)
        case "QGemm": return try gemm(step)
        case "QLinearAdd": return try finish(step, .binary(.add), [try operand(step, 0), try operand(step, 3)], 6)
        case "QLinearMul": return try finish(step, .binary(.multiply), [try operand(step, 0), try operand(step, 3)], 6)
        case "QLinearConcat": return try concatenation(step)
        default: return try finish(step, try ofOne(step), [try operand(step, 0)], 3)
        }
    }

    /// Operators of one value.
    private func ofOne(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> NodeOperation {
        let node = node(step.proto)
        guard try node.integer("channels_last", default: 0) == 0 else { throw .unsupported("channels_last") }
        switch step.proto.opType {
        case "QLinearGlobalAveragePool": return .globalAveragePool
        case "QLinearAveragePool": return try node.pool()
        case "QLinearSigmoid": return .activation(.sigmoid)
        case "QLinearLeakyRelu":
            let slope = try node.float("alpha", default: 0.01)
            guard slope.isFinite else { throw .malformed("alpha is not finite") }
            return .activation(.leakyRelu(slope: slope))
        case "QLinearSoftmax":
            return .softmax(axis: try node.integer("axis", default: -1), flattensRest: try node.integer("opset", default: 13) < 13)
        default: throw .unsupported(ONNXNode.reason(for: step.proto.opType))
        }
    }

    private mutating func concatenation(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        var parts: [ValueID] = []
        for position in stride(from: 2, to: step.proto.input.count, by: 3) { parts.append(try operand(step, position)) }
        guard !parts.isEmpty else { throw .malformed("it joins nothing") }
        return try finish(step, .concat(axis: try node(step.proto).integer("axis", default: 1)), parts, 0)
    }

    private mutating func gemm(_ step: ONNXQuantizedNode) throws(ONNXProblem) -> ValueID {
        let node = node(step.proto)
        let isTransposed = try node.integer("transB", default: 0) != 0
        let attributes = GemmAttributes(
            alpha: try node.float("alpha", default: 1), transposesA: try node.integer("transA", default: 0) != 0, transposesB: isTransposed)
        let inputs = try weighted(step, weightAxis: isTransposed ? 0 : 1, bias: 6, factor: attributes.alpha)
        // Without a scale of its output it gives floats.
        return try step.has(7) ? finish(step, .gemm(attributes), inputs, 7) : add(step, .gemm(attributes), inputs)
    }

    // MARK: Inputs and outputs

    /// x and weights, and a bias in steps of the products' scale times `factor`.
    private mutating func weighted(
        _ step: ONNXQuantizedNode, weightAxis: Int, bias: Int?, factor: Float = 1
    ) throws(ONNXProblem) -> [ValueID] {
        var inputs = [try operand(step, 0), try operand(step, 3, axis: weightAxis)]
        guard let bias, step.has(bias) else { return inputs }
        let (x, weights) = (try grid(step, scale: 1, zero: 2, range: 0...255), try grid(step, scale: 4, zero: 5, range: 0...255))
        guard !x.isPerAxis else { throw .unsupported("its input has a scale a channel") }
        let range = Int(Int32.min)...Int(Int32.max)
        let products = PublishedGrid(
            scales: weights.scales.map { $0 * x.scales[0] * factor }, zeroPoints: weights.scales.map { _ in 0 }, axis: 0,
            lowest: range.lowerBound, highest: range.upperBound)
        let name = try step.input(bias)
        guard let constant = try constant(name, products, named: name) else {
            throw .unsupported("its bias is computed while the model runs")
        }
        inputs.append(constant)
        return inputs
    }

    /// What the integers at `position` stand for, whose scale and zero point are the next two inputs.
    private mutating func operand(_ step: ONNXQuantizedNode, _ position: Int, axis: Int? = nil) throws(ONNXProblem) -> ValueID {
        let name = try step.input(position)
        let fallback = integers.range(of: name) ?? integers.grids[name]?.range ?? 0...255
        var grid = try grid(step, scale: position + 1, zero: position + 2, range: fallback)
        grid.axis = grid.isPerAxis ? axis : nil
        if let known = integers.grids[name] {
            guard known.hasValues(of: grid) else { throw .unsupported("it takes '\(name)' on another scale than that was put on") }
            return try value(step, position)
        }
        guard !grid.isPerAxis || axis != nil else { throw .unsupported("its input has a scale a channel") }
        guard let constant = try constant(name, grid, named: name) else { throw .unsupported("'\(name)' has no scale that is known") }
        return constant
    }

    /// Adds the operation, and its result on the grid whose scale is input number `scale`.
    private mutating func finish(
        _ step: ONNXQuantizedNode, _ operation: NodeOperation, _ inputs: [ValueID], _ scale: Int
    ) throws(ONNXProblem) -> ValueID {
        let grid = try grid(step, scale: scale, zero: scale + 1, range: 0...255)
        guard !grid.isPerAxis else { throw .unsupported("its output has a scale a channel") }
        let result = add(step, operation, inputs)
        return round(result, grid, step, named: step.output, "/grid")
    }
}
