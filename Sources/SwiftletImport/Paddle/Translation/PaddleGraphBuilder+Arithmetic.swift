import SwiftletGraph

/// Functions of one value and of two.
extension PaddleGraphBuilder {
    mutating func activation(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        let activation: Activation
        switch step.type {
        case "relu": activation = .relu
        case "relu6": activation = .clip(low: 0, high: step.float("threshold", default: 6))
        case "sigmoid": activation = .sigmoid
        case "silu": activation = .swish
        case "tanh": activation = .tanh
        case "mish": activation = .mish
        case "gelu": activation = step.flag("approximate", default: false) ? .geluTanh : .gelu
        case "leaky_relu": activation = .leakyRelu(slope: step.float("alpha", "negative_slope", default: 0.02))
        case "elu": activation = .elu(scale: step.float("alpha", default: 1))
        case "hard_sigmoid":
            activation = .hardSigmoid(slope: step.float("slope", default: 0.2), offset: step.float("offset", default: 0.5))
        case "hard_swish":
            let (offset, scale) = (step.float("offset", default: 3), step.float("scale", default: 6))
            guard offset == 3, scale == 6, step.float("threshold", default: 6) == 6 else {
                throw .unsupported("a hard-swish with offset \(offset) and scale \(scale)")
            }
            activation = .hardSwish
        case "swish":
            guard step.float("beta", default: 1) == 1 else { throw .unsupported("a swish with another beta than 1") }
            activation = .swish
        case "softplus":
            guard step.float("beta", default: 1) == 1 else { throw .unsupported("a softplus with another beta than 1") }
            activation = .softplus
        case "clip":
            let low = try numbers(step, "Min")?.first ?? step.float("min", default: -.greatestFiniteMagnitude)
            let high = try numbers(step, "Max")?.first ?? step.float("max", default: .greatestFiniteMagnitude)
            return add(step, .clip, [try input(step, "X"), graph.addConstant(Constant(low)), graph.addConstant(Constant(high))])
        default: return nil
        }
        return add(step, .activation(activation), [try input(step, "X")])
    }

    mutating func arithmetic(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        if let operation = Self.binaryOperators[step.type] { return try binary(step, operation) }
        switch step.type {
        case "scale": return try scale(step)
        case "dropout": return try dropout(step)
        case "sqrt": return add(step, .unary(.squareRoot), [try input(step, "X")])
        case "exp": return add(step, .unary(.exponential), [try input(step, "X")])
        case "abs": return add(step, .unary(.absolute), [try input(step, "X")])
        case "prelu": return try prelu(step)
        case "reduce_mean", "reduce_max", "reduce_sum": return try reduce(step)
        default: return nil
        }
    }

    private static let binaryOperators: [String: BinaryOperator] = [
        "elementwise_add": .add, "elementwise_sub": .subtract, "elementwise_mul": .multiply, "elementwise_div": .divide,
        "elementwise_max": .maximum, "elementwise_min": .minimum, "elementwise_pow": .power,
    ]

    /// `axis` says which of the first operand's axes is the second's first; -1: the last of both are aligned.
    private mutating func binary(_ step: PaddleOperator, _ operation: BinaryOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        var y = try input(step, "Y")
        let axis = step.integer("axis", default: -1)
        if axis >= 0 {
            guard let rank = rank(step, "X"), let inner = self.rank(step, "Y") else { throw .unsupported("operands of unknown rank") }
            if inner < rank {
                guard axis <= rank - inner else { throw .malformed("axis \(axis) of operands with \(rank) and \(inner) axes") }
                let added = Array(0..<axis) + Array(axis + inner..<rank)
                if axis + inner < rank { y = add(step, .unsqueeze, [y, graph.addConstant(Constant(integers: added))]) }
            }
        }
        return add(step, .binary(operation), [x, y])
    }

    /// x * scale + bias, or (x + bias) * scale.
    private mutating func scale(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        var x = try input(step, "X")
        let factor = try numbers(step, "ScaleTensor")?.first ?? step.float("scale", default: 1)
        let bias = step.float("bias", default: 0)
        let addsFirst = !step.flag("bias_after_scale", default: true)
        if addsFirst, bias != 0 { x = add(step, .binary(.add), [x, graph.addConstant(Constant(bias))]) }
        if factor != 1 { x = add(step, .binary(.multiply), [x, graph.addConstant(Constant(factor))]) }
        if !addsFirst, bias != 0 { x = add(step, .binary(.add), [x, graph.addConstant(Constant(bias))]) }
        return x
    }

    /// Off at inference; in the mode that does not scale while training, what is kept is multiplied by the share that was kept there.
    private mutating func dropout(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        let probability = try numbers(step, "Prob")?.first ?? step.float("dropout_prob", "p", default: 0.5)
        switch step.string("dropout_implementation", "mode", default: "downgrade_in_infer") {
        case "upscale_in_train": return x
        case "downgrade_in_infer": return add(step, .binary(.multiply), [x, graph.addConstant(Constant(1 - probability))])
        case let other: throw .unsupported("the mode \(other)")
        }
    }

    private mutating func prelu(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let x = try input(step, "X")
        var slope = try input(step, "Alpha")
        if rank(step, "Alpha") == 1, let count = graph.values[slope].constant?.count, count > 1 {
            slope = add(step, .unsqueeze, [slope, graph.addConstant(Constant(integers: [1, 2]))])
        }
        return add(step, .prelu, [x, slope])
    }

    private mutating func reduce(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let reduction: Reduction = step.type == "reduce_mean" ? .mean : step.type == "reduce_max" ? .maximum : .sum
        var inputs = [try input(step, "X")]
        let axes = try integers(step, "AxisTensor") ?? step.integers("dim", "axis") ?? []
        if !step.flag("reduce_all", default: axes.isEmpty) { inputs.append(graph.addConstant(Constant(integers: axes))) }
        return add(step, .reduce(reduction, keepsDimensions: step.flag("keep_dim", "keepdim", default: false)), inputs)
    }
}
