import SwiftletGraph

extension PaddleGraphBuilder {
    /// The values that an operator's results are.
    /// - Throws: `PaddleProblem.unsupported` for an operator, or a way to use it, that has no counterpart.
    mutating func translate(_ step: PaddleOperator) throws(PaddleProblem) -> [ValueID] {
        if step.type == "split" { return try split(step) }
        if let value = try quantizer(step) { return [value] }
        if let value = try windowOrProduct(step) { return [value] }
        if let value = try activation(step) { return [value] }
        if let value = try arithmetic(step) { return [value] }
        if let value = try rearrangement(step) { return [value] }
        if let value = try answerOrConstant(step) { return [value] }
        throw .unsupported(ONNXNode.reason(for: Self.relatives[step.type] ?? step.type))
    }

    /// Operators without a counterpart, as ONNX calls the kind.
    private static let relatives = [
        "layer_norm": "LayerNormalization", "instance_norm": "InstanceNormalization", "group_norm": "GroupNormalization",
        "while": "Loop", "conditional_block": "If", "multiclass_nms3": "NonMaxSuppression", "lstm": "LSTM", "rnn": "RNN",
    ]

    // MARK: Ends of models, and constants

    private mutating func answerOrConstant(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        switch step.type {
        case "softmax":
            return add(step, .softmax(axis: step.integer("axis", default: -1), flattensRest: false), [try input(step, "X")])
        case "log_softmax":
            return add(step, .answer(.logSoftmax, axis: step.integer("axis", default: -1), keepsDimensions: true), [try input(step, "X")])
        case "arg_max":
            let axis = try integers(step, "AxisTensor")?.first ?? step.integer("axis", default: -1)
            return add(step, .answer(.argMax, axis: axis, keepsDimensions: step.flag("keepdims", default: false)), [try input(step, "X")])
        case "shape", "shape64":
            let slot = step.input("Input") == nil ? "X" : "Input"
            return add(step, .shape(start: 0, end: nil), [try input(step, slot)])
        case "fill_constant": return try filled(step)
        case "assign_value":
            let values = step.integers("value", "values", "int32_values", "int64_values").map { Constant(integers: $0) }
            guard let constant = values ?? step.floats("fp32_values").map({ Constant($0) }) else {
                throw PaddleProblem.malformed("it has no values")
            }
            return graph.addConstant(constant, name: step.name)
        default: return nil
        }
    }

    private mutating func filled(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let shape = step.integers("shape") ?? [1]
        // Only single numbers and short lists are given so.
        guard let count = shape.elementCount, count <= 1 << 12 else { throw .unsupported("a constant of shape \(shape.prefix(8))") }
        let isInteger =
            ["int32", "int64"].contains(step.string("dtype", default: "")) || [2, 3].contains(step.integer("dtype", default: 5))
        let value = step.float("value", default: 0)
        let elements: Constant.Elements
        if isInteger {
            guard let whole = Int(exactly: value) else { throw .malformed("its value is \(value), no integer") }
            elements = .integers([Dimension](repeating: .fixed(whole), count: count))
        } else {
            elements = .floats([Float](repeating: value, count: count))
        }
        guard let constant = Constant(shape: shape, elements: elements) else { throw .malformed("its shape is \(shape)") }
        return graph.addConstant(constant, name: step.name)
    }
}
