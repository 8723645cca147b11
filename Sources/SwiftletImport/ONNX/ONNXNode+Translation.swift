import SwiftletGraph

extension ONNXNode {
    /// - Throws: `ONNXProblem.unsupported` for an operator, or a way to use it, that has no counterpart.
    func translated() throws(ONNXProblem) -> ONNXTranslation {
        guard proto.domain.isEmpty || proto.domain == "ai.onnx" else { throw .unsupported("operator of domain \(proto.domain)") }
        if let translation = try translatedByKind() {
            return translation
        }
        throw .unsupported(Self.reason(for: proto.opType))
    }

    private func translatedByKind() throws(ONNXProblem) -> ONNXTranslation? {
        if let translation = try windowOrProduct() { return translation }
        if let translation = try activation() { return translation }
        if let translation = try arithmetic() { return translation }
        if let translation = try rearrangement() { return translation }
        if let translation = try answer() { return translation }
        return try constantOrShape()
    }

    // MARK: Operators with windows, and products

    private func windowOrProduct() throws(ONNXProblem) -> ONNXTranslation? {
        switch proto.opType {
        case "Conv": return .operation(try conv(), required: 2)
        case "AveragePool", "MaxPool": return .operation(try pool())
        case "GlobalAveragePool": return .operation(.globalAveragePool)
        case "GlobalMaxPool": return .operation(.reduce(.maximum, keepsDimensions: true), [Constant(integers: [2, 3])])
        case "BatchNormalization": return try batchNormalization()
        case "Gemm":
            return .operation(
                .gemm(
                    GemmAttributes(
                        alpha: try float("alpha", default: 1), beta: try float("beta", default: 1),
                        transposesA: try integer("transA", default: 0) != 0, transposesB: try integer("transB", default: 0) != 0)),
                required: 2)
        case "MatMul": return .operation(.matMul, required: 2)
        case "Pad": return try pad()
        case "Resize", "Upsample": return try resize()
        default: return nil
        }
    }

    func conv() throws(ONNXProblem) -> NodeOperation {
        .conv(
            ConvAttributes(
                window: try window(), takesKernelFromWeights: !has("kernel_shape"), padding: try automaticPadding(),
                groups: try integer("group", default: 1)))
    }

    func pool() throws(ONNXProblem) -> NodeOperation {
        guard try integer("storage_order", default: 0) == 0 else { throw .unsupported("column-major storage_order") }
        guard has("kernel_shape") else { throw .malformed("kernel_shape is missing") }
        return .windowedPool(
            PoolAttributes(
                kind: proto.opType == "MaxPool" ? .max : .average, window: try window(), padding: try automaticPadding(),
                roundsUp: try integer("ceil_mode", default: 0) != 0, countsPadding: try integer("count_include_pad", default: 0) != 0))
    }

    private func batchNormalization() throws(ONNXProblem) -> ONNXTranslation {
        let isTraining = try integer("training_mode", default: 0) != 0 || proto.output.dropFirst().contains { read.contains($0) }
        guard !isTraining else { throw .unsupported("the model was exported in training mode: export it in evaluation mode") }
        return .operation(.batchNormalization(epsilon: try float("epsilon", default: 1e-5)), required: 5)
    }

    private func pad() throws(ONNXProblem) -> ONNXTranslation {
        let mode = try string("mode", default: "constant")
        guard mode == "constant" else { throw .unsupported("mode \(mode)") }
        if opset >= 11 { return .operation(.pad, required: 2) }
        return .operation(.pad, [Constant(integers: try integers("pads") ?? []), Constant(try float("value", default: 0))])
    }

    // MARK: Arithmetic

    private func arithmetic() throws(ONNXProblem) -> ONNXTranslation? {
        if let operation = Self.binaryOperators[proto.opType] { return .operation(.binary(operation), required: 2) }
        if let operation = Self.unaryOperators[proto.opType] { return .operation(.unary(operation)) }
        if let reduction = Self.reductions[proto.opType] { return try reduce(reduction) }
        switch proto.opType {
        case "Sum", "Min", "Max": return try variadic()
        case "Mod": return .operation(.binary(try integer("fmod", default: 0) != 0 ? .remainder : .modulo), required: 2)
        case "Where": return .operation(.choose, required: 3)
        default: return nil
        }
    }

    private static let binaryOperators: [String: BinaryOperator] = [
        "Add": .add, "Sub": .subtract, "Mul": .multiply, "Div": .divide, "Pow": .power, "Equal": .equal, "Less": .less,
        "LessOrEqual": .lessOrEqual, "Greater": .greater, "GreaterOrEqual": .greaterOrEqual, "And": .and, "Or": .or, "Xor": .exclusiveOr,
    ]

    private static let unaryOperators: [String: UnaryOperator] = [
        "Neg": .negative, "Abs": .absolute, "Sign": .sign, "Reciprocal": .reciprocal, "Sqrt": .squareRoot, "Exp": .exponential,
        "Log": .logarithm, "Erf": .errorFunction, "Floor": .floor, "Ceil": .ceiling, "Round": .rounded, "Sin": .sine, "Cos": .cosine,
        "Not": .not,
    ]

    private static let reductions: [String: Reduction] = [
        "ReduceMean": .mean, "ReduceMax": .maximum, "ReduceMin": .minimum, "ReduceSum": .sum, "ReduceProd": .product,
        "ReduceSumSquare": .sumOfSquares, "ReduceL1": .l1Norm, "ReduceL2": .l2Norm,
    ]

    /// Any number of operands, two at a time.
    private func variadic() throws(ONNXProblem) -> ONNXTranslation {
        let operation: BinaryOperator = proto.opType == "Sum" ? .add : proto.opType == "Min" ? .minimum : .maximum
        if proto.input.count == 1 { return .operation(.identity, []) }
        guard proto.input.allSatisfy({ !$0.isEmpty }), proto.input.count >= 2 else { throw .malformed("an operand is missing") }
        let steps = (1..<proto.input.count).map { ONNXTranslation.Step(kind: .operation(.binary(operation)), input: $0) }
        return ONNXTranslation(steps: steps, required: 2)
    }

    private func reduce(_ reduction: Reduction) throws(ONNXProblem) -> ONNXTranslation {
        if try integer("noop_with_empty_axes", default: 0) != 0, !hasInput(1) { return .operation(.identity, []) }
        let operation = NodeOperation.reduce(reduction, keepsDimensions: try integer("keepdims", default: 1) != 0)
        return try withAxes(operation, inputSince: reduction == .sum ? 13 : 18)
    }

    /// An operator whose axes became an input.
    func withAxes(_ operation: NodeOperation, inputSince: Int) throws(ONNXProblem) -> ONNXTranslation {
        if opset >= inputSince { return .operation(operation) }
        return .operation(operation, try integers("axes").map { [Constant(integers: $0)] } ?? [])
    }
}
