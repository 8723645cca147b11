import SwiftletGraph

/// A node in the graph's terms. Attributes that later opsets have as inputs are always inputs there.
struct ONNXTranslation {
    enum Result {
        case operation(NodeOperation)
        /// The node is a constant.
        case constant(Constant)
    }

    enum Inputs {
        case own
        /// The first input, then these constants.
        case firstAnd([Constant])
    }

    var result: Result
    var inputs: Inputs = .own
    /// How many inputs must be there.
    var required = 1
}

extension ONNXNode {
    /// - Throws: `ONNXProblem.unsupported` for an operator, or a way to use it, that has no counterpart.
    func translated() throws(ONNXProblem) -> ONNXTranslation {
        guard proto.domain.isEmpty || proto.domain == "ai.onnx" else { throw .unsupported("operator of domain \(proto.domain)") }
        switch proto.opType {
        case "Conv": return try conv()
        case "AveragePool", "MaxPool": return try pool()
        case "GlobalAveragePool": return operation(.globalAveragePool)
        case "ReduceMean": return try reduceMean()
        case "BatchNormalization":
            guard try integer("training_mode", default: 0) == 0 else { throw .unsupported("in training mode") }
            return operation(.batchNormalization(epsilon: try float("epsilon", default: 1e-5)), required: 5)

        case "Relu": return operation(.activation(.relu))
        case "HardSwish": return operation(.activation(.hardSwish))
        case "Sigmoid": return operation(.activation(.sigmoid))
        case "HardSigmoid":
            let (slope, offset) = (try float("alpha", default: 0.2), try float("beta", default: 0.5))
            guard slope.isFinite, offset.isFinite else { throw .malformed("alpha or beta is not finite") }
            return operation(.activation(.hardSigmoid(slope: slope, offset: offset)))
        case "Clip": return try clip()
        case "Softmax":
            return operation(.softmax(axis: try integer("axis", default: opset < 13 ? 1 : -1), flattensRest: opset < 13))

        case "Add": return operation(.binary(.add), required: 2)
        case "Sub": return operation(.binary(.subtract), required: 2)
        case "Mul": return operation(.binary(.multiply), required: 2)
        case "Div": return operation(.binary(.divide), required: 2)
        case "Min", "Max":
            guard proto.input.count == 2 else { throw .unsupported("of \(proto.input.count) operands instead of 2") }
            return operation(.binary(proto.opType == "Min" ? .minimum : .maximum), required: 2)
        case "Gemm":
            return operation(
                .gemm(
                    GemmAttributes(
                        alpha: try float("alpha", default: 1), beta: try float("beta", default: 1),
                        transposesA: try integer("transA", default: 0) != 0, transposesB: try integer("transB", default: 0) != 0)),
                required: 2)
        case "MatMul": return operation(.matMul, required: 2)

        case "Flatten": return operation(.flatten(axis: try integer("axis", default: 1)))
        case "Reshape": return operation(.reshape(allowsZero: try integer("allowzero", default: 0) != 0), required: 2)
        case "Squeeze": return try withAxes(.squeeze, inputSince: 13)
        case "Unsqueeze": return try withAxes(.unsqueeze, inputSince: 13)
        case "Transpose": return operation(.transpose(try integers("perm")))
        case "Concat": return operation(.concat(axis: try integer("axis", default: 1)))
        case "Pad": return try pad()
        case "Identity": return operation(.identity)
        case "Dropout": return ONNXTranslation(result: .operation(.identity), inputs: .firstAnd([]))
        case "Cast": return try cast()

        case "Constant": return ONNXTranslation(result: .constant(try constantValue()))
        case "Shape":
            return operation(.shape(start: try integer("start", default: 0), end: has("end") ? try integer("end", default: 0) : nil))
        case "Gather": return operation(.gather(axis: try integer("axis", default: 0)), required: 2)
        case "Slice": return try slice()
        case "ConstantOfShape": return try constantOfShape()
        case "Range": return operation(.range, required: 3)
        default: throw .unsupported("no such operator here")
        }
    }

    private func operation(_ operation: NodeOperation, required: Int = 1) -> ONNXTranslation {
        ONNXTranslation(result: .operation(operation), required: required)
    }

    // MARK: Operators with windows

    private func conv() throws(ONNXProblem) -> ONNXTranslation {
        let attributes = ConvAttributes(
            window: try window(), takesKernelFromWeights: !has("kernel_shape"), padding: try automaticPadding(),
            groups: try integer("group", default: 1))
        return operation(.conv(attributes), required: 2)
    }

    private func pool() throws(ONNXProblem) -> ONNXTranslation {
        guard try integer("storage_order", default: 0) == 0 else { throw .unsupported("column-major storage_order") }
        guard has("kernel_shape") else { throw .malformed("kernel_shape is missing") }
        return operation(
            .windowedPool(
                PoolAttributes(
                    kind: proto.opType == "MaxPool" ? .max : .average, window: try window(), padding: try automaticPadding(),
                    roundsUp: try integer("ceil_mode", default: 0) != 0, countsPadding: try integer("count_include_pad", default: 0) != 0)))
    }

    private func pad() throws(ONNXProblem) -> ONNXTranslation {
        let mode = try string("mode", default: "constant")
        guard mode == "constant" else { throw .unsupported("mode \(mode)") }
        if opset >= 11 { return operation(.pad, required: 2) }
        return ONNXTranslation(
            result: .operation(.pad),
            inputs: .firstAnd([Constant(integers: try integers("pads") ?? []), Constant(try float("value", default: 0))]))
    }

    // MARK: Attributes that became inputs

    private func withAxes(_ operation: NodeOperation, inputSince: Int) throws(ONNXProblem) -> ONNXTranslation {
        if opset >= inputSince { return self.operation(operation) }
        return ONNXTranslation(
            result: .operation(operation), inputs: .firstAnd(try integers("axes").map { [Constant(integers: $0)] } ?? []))
    }

    private func reduceMean() throws(ONNXProblem) -> ONNXTranslation {
        if try integer("noop_with_empty_axes", default: 0) != 0, !hasInput(1) {
            return ONNXTranslation(result: .operation(.identity), inputs: .firstAnd([]))
        }
        return try withAxes(.reduceMean(keepsDimensions: try integer("keepdims", default: 1) != 0), inputSince: 18)
    }

    private func clip() throws(ONNXProblem) -> ONNXTranslation {
        if opset >= 11 { return operation(.clip) }
        let low = try float("min", default: -.greatestFiniteMagnitude)
        let high = try float("max", default: .greatestFiniteMagnitude)
        return ONNXTranslation(result: .operation(.clip), inputs: .firstAnd([Constant(low), Constant(high)]))
    }

    private func slice() throws(ONNXProblem) -> ONNXTranslation {
        if opset >= 10 { return operation(.slice, required: 3) }
        var extra = [Constant(integers: try integers("starts") ?? []), Constant(integers: try integers("ends") ?? [])]
        if let axes = try integers("axes") { extra.append(Constant(integers: axes)) }
        return ONNXTranslation(result: .operation(.slice), inputs: .firstAnd(extra))
    }

    // MARK: Types and constants

    private func cast() throws(ONNXProblem) -> ONNXTranslation {
        switch try integer("to", default: 1) {
        case 1, 10, 11, 16: return operation(.cast(toInteger: false))
        case 2, 3, 4, 5, 6, 7, 12, 13: return operation(.cast(toInteger: true))
        case let type: throw .unsupported("to element type \(type)")
        }
    }

    private func constantValue() throws(ONNXProblem) -> Constant {
        if let value = try tensor("value") { return value }
        if has("value_float") { return Constant(try float("value_float", default: 0)) }
        if let values = try floats("value_floats") { return Constant(values) }
        if has("value_int"), let value = Constant(shape: [], elements: .integers([.fixed(try integer("value_int", default: 0))])) {
            return value
        }
        if let values = try integers("value_ints") { return Constant(integers: values) }
        throw .unsupported("a sparse or textual value")
    }

    private func constantOfShape() throws(ONNXProblem) -> ONNXTranslation {
        let element = try tensor("value") ?? Constant(0)
        guard element.count == 1 else { throw .malformed("value has \(element.count) elements instead of 1") }
        return operation(.constantOfShape(element))
    }
}
