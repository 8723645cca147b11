import SwiftletGraph

/// Functions of one or two values, and reductions.
extension TFLiteGraphBuilder {
    mutating func arithmetic(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID? {
        if let (operation, fused) = Self.binaryOperators[step.kind] {
            let inputs = [try input(step, 0), try input(step, 1)]
            return add(step, .binary(operation), inputs, then: fused ? try activation(step, 0) : nil)
        }
        if let operation = Self.unaryOperators[step.kind] { return add(step, .unary(operation), [try input(step, 0)]) }
        if let reduction = Self.reductions[step.kind] {
            let axes = vector(try integers(step, 1, "the list of its axes"))
            return add(step, .reduce(reduction, keepsDimensions: try step.flag(0)), [try input(step, 0), axes])
        }
        if let activation = try activation(step) { return add(step, .activation(activation), [try input(step, 0)]) }
        switch step.kind {
        case "PRELU": return add(step, .prelu, [try input(step, 0), try input(step, 1)])
        case "RSQRT":
            return add(step, .unary(.reciprocal), [add(step, .unary(.squareRoot), [try input(step, 0)], "/root")])
        case "SQUARE":
            let x = try input(step, 0)
            return add(step, .binary(.multiply), [x, x])
        default: return nil
        }
    }

    /// Whether they may have an activation fused to them.
    private static let binaryOperators: [String: (BinaryOperator, fused: Bool)] = [
        "ADD": (.add, true), "SUB": (.subtract, true), "MUL": (.multiply, true), "DIV": (.divide, true), "MINIMUM": (.minimum, false),
        "MAXIMUM": (.maximum, false), "POW": (.power, false),
    ]

    private static let unaryOperators: [String: UnaryOperator] = [
        "NEG": .negative, "ABS": .absolute, "SQRT": .squareRoot, "EXP": .exponential, "LOG": .logarithm, "FLOOR": .floor, "CEIL": .ceiling,
        "ROUND": .rounded, "SIGN": .sign,
    ]

    private static let reductions: [String: Reduction] = [
        "MEAN": .mean, "SUM": .sum, "REDUCE_MAX": .maximum, "REDUCE_MIN": .minimum, "REDUCE_PROD": .product,
    ]

    private func activation(_ step: TFLiteOperator) throws(TFLiteProblem) -> Activation? {
        switch step.kind {
        case "RELU": return .relu
        case "RELU6": return .clip(low: 0, high: 6)
        case "RELU_N1_TO_1": return .clip(low: -1, high: 1)
        case "RELU_0_TO_1": return .clip(low: 0, high: 1)
        case "HARD_SWISH": return .hardSwish
        case "LOGISTIC": return .sigmoid
        case "TANH": return .tanh
        case "LEAKY_RELU": return .leakyRelu(slope: try step.float(0))
        case "ELU": return .elu(scale: 1)
        case "GELU": return try step.flag(0) ? .geluTanh : .gelu
        default: return nil
        }
    }
}
