import SwiftletGraph

/// Functions of one value.
extension ONNXNode {
    func activation() throws(ONNXProblem) -> ONNXTranslation? {
        switch proto.opType {
        case "Relu": return of(.relu)
        case "HardSwish": return of(.hardSwish)
        case "Sigmoid": return of(.sigmoid)
        case "Tanh": return of(.tanh)
        case "Softplus": return of(.softplus)
        case "Mish": return of(.mish)
        case "HardSigmoid": return of(.hardSigmoid(slope: try finite("alpha", default: 0.2), offset: try finite("beta", default: 0.5)))
        case "LeakyRelu": return of(.leakyRelu(slope: try finite("alpha", default: 0.01)))
        case "Elu": return of(.elu(scale: try finite("alpha", default: 1)))
        case "ThresholdedRelu": return of(.thresholdedRelu(threshold: try finite("alpha", default: 1)))
        case "Gelu": return of(try string("approximate", default: "none") == "tanh" ? .geluTanh : .gelu)
        case "Selu":
            let scale = try finite("gamma", default: 1.05070102)
            return scaled(1, .elu(scale: try finite("alpha", default: 1.67326319)), scale)
        case "Celu":
            let scale = try finite("alpha", default: 1)
            guard scale != 0 else { throw .malformed("alpha is 0") }
            return scaled(1 / scale, .elu(scale: 1), scale)
        case "Swish":
            let slope = try finite("alpha", default: 1)
            guard slope != 0 else { throw .malformed("alpha is 0") }
            return slope == 1 ? of(.swish) : scaled(slope, .swish, 1 / slope)
        case "PRelu": return .operation(.prelu, required: 2)
        case "Clip": return try clip()
        default: return nil
        }
    }

    private func of(_ activation: Activation) -> ONNXTranslation { .operation(.activation(activation)) }

    /// after * activation(before * x)
    private func scaled(_ before: Float, _ activation: Activation, _ after: Float) -> ONNXTranslation {
        var steps = [ONNXTranslation.Step(kind: .operation(.activation(activation)))]
        if before != 1 { steps.insert(.init(kind: .operation(.binary(.multiply)), constants: [Constant(before)]), at: 0) }
        if after != 1 { steps.append(.init(kind: .operation(.binary(.multiply)), constants: [Constant(after)])) }
        return ONNXTranslation(steps: steps)
    }

    private func finite(_ name: String, default fallback: Float) throws(ONNXProblem) -> Float {
        let value = try float(name, default: fallback)
        guard value.isFinite else { throw .malformed("\(name) is not finite") }
        return value
    }

    private func clip() throws(ONNXProblem) -> ONNXTranslation {
        if opset >= 11 { return .operation(.clip) }
        let low = try float("min", default: -.greatestFiniteMagnitude)
        let high = try float("max", default: .greatestFiniteMagnitude)
        return .operation(.clip, [Constant(low), Constant(high)])
    }
}
