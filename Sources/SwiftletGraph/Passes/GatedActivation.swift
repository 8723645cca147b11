/// factor / argument * activation(argument * base): a product of a value and a smooth gate of it.
struct GatedActivation {
    var activation: Activation
    var base: ValueID
    var argument: Double
    /// Of activation(argument * base) / argument.
    var factor: Double
}

extension ActivationFinder {
    /// How deep the arithmetic before a gate is looked into.
    private static let depthLimit = 6
    /// How many scalar factors of the value before it, for each of which the gate is looked at.
    private static let multipleLimit = 4

    /// `gate * value`, where the gate is a sigmoid, or half of 1 + tanh or 1 + erf, of the same base, up to scalars:
    ///
    ///     x sigmoid(b x)                                        swish
    ///     x (1 + erf(x / sqrt(2))) / 2                          GELU (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415)
    ///     x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2     its approximation, also as a sigmoid of twice the argument
    ///     x tanh(softplus(x))                                   mish (Misra 2019, https://arxiv.org/abs/1908.08681)
    func gated(_ value: ValueID, by gate: ValueID) -> GatedActivation? {
        guard let (function, scale, shift) = smoothFunction(gate) else { return nil }
        for multiple in multiples(of: value).prefix(Self.multipleLimit) {
            guard let (activation, argument, factor) = activation(function, scale, shift, of: multiple.base) else { continue }
            return GatedActivation(activation: activation, base: multiple.base, argument: argument, factor: factor * multiple.factor)
        }
        return nil
    }

    /// The input of softplus written as log(1 + exp(x)).
    func softplusArgument(_ node: Node) -> ValueID? {
        guard let sum = definitions[node.inputs[0]], let (scale, shift) = sum.scalarAffine, scale == 1, shift == 1,
            let exponential = definitions[sum.inputs[0]], case .unary(.exponential) = exponential.operation
        else { return nil }
        return exponential.inputs[0]
    }

    /// `gate` as scale * function + shift.
    private func smoothFunction(_ gate: ValueID) -> (function: Node, scale: Double, shift: Double)? {
        var (scale, shift) = (1.0, 0.0)
        var value = gate
        for _ in 0..<Self.depthLimit {
            guard let node = definitions[value] else { return nil }
            switch node.operation {
            case .activation(.sigmoid), .activation(.tanh), .unary(.errorFunction): return (node, scale, shift)
            default: break
            }
            guard let inner = node.scalarAffine else { return nil }
            (scale, shift) = (scale * inner.scale, scale * inner.shift + shift)
            value = node.inputs[0]
        }
        return nil
    }

    private func activation(
        _ function: Node, _ scale: Double, _ shift: Double, of base: ValueID
    ) -> (Activation, argument: Double, factor: Double)? {
        let isRaised = abs(scale - shift) < 1e-6 * abs(scale)
        let input = function.inputs[0]
        if case .activation(.tanh) = function.operation, shift == 0 {
            guard let inner = definitions[input], case .activation(.softplus) = inner.operation, inner.inputs[0] == base else { return nil }
            return (.mish, 1, scale)
        }
        guard let argument = polynomial(input, in: base, depth: Self.depthLimit) else { return nil }
        switch function.operation {
        case .activation(.sigmoid) where shift == 0:
            if argument.isCubic(Self.gelu.map { 2 * $0 }) { return (.geluTanh, 1, scale) }
            return argument.slope.map { (.swish, $0, scale) }
        case .activation(.tanh) where isRaised:
            if argument.isCubic(Self.gelu) { return (.geluTanh, 1, 2 * scale) }
            return argument.slope.map { (.swish, 2 * $0, 2 * scale) }
        case .unary(.errorFunction) where isRaised:
            guard let slope = argument.slope, abs(slope - 0.5.squareRoot()) < 1e-5 else { return nil }
            return (.gelu, 1, 2 * scale)
        default:
            return nil
        }
    }

    /// sqrt(2 / pi) * (x + 0.044715 x^3)
    private static let gelu = [0, 0.797884560802865, 0, 0.797884560802865 * 0.044715]

    /// The coefficients of 1, x, x^2, x^3 in which `value` is calculated from x, `base`; nil where it is in another way.
    private func polynomial(_ value: ValueID, in base: ValueID, depth: Int) -> [Double]? {
        if value == base { return [0, 1, 0, 0] }
        guard depth > 0, let node = definitions[value],
            let x = node.inputs.first.flatMap({ polynomial($0, in: base, depth: depth - 1) })
        else { return nil }
        if let (scale, shift) = node.scalarAffine {
            return [x[0] * scale + shift] + x.dropFirst().map { $0 * scale }
        }
        switch node.operation {
        case .add(.none):
            return polynomial(node.inputs[1], in: base, depth: depth - 1).map { y in zip(x, y).map { $0 + $1 } }
        case .multiply:
            return polynomial(node.inputs[1], in: base, depth: depth - 1).flatMap { x.times($0) }
        case .binary(.power):
            guard let exponent = graph.constant(node, 1)?.floats, exponent.count == 1 else { return nil }
            return exponent[0] == 2 ? x.times(x) : exponent[0] == 3 ? x.times(x)?.times(x) : nil
        default:
            return nil
        }
    }
}

/// Coefficients of 1, x, x^2, x^3.
extension [Double] {
    /// nil where x^4 or more would come of it.
    fileprivate func times(_ other: [Double]) -> [Double]? {
        var product = [Double](repeating: 0, count: 7)
        for (i, a) in enumerated() {
            for (j, b) in other.enumerated() { product[i + j] += a * b }
        }
        return product[4...].allSatisfy { $0 == 0 } ? [Double](product[..<4]) : nil
    }

    /// Of a multiple of x; nil for all else, and for 0.
    fileprivate var slope: Double? {
        self[0] == 0 && self[1] != 0 && self[2] == 0 && self[3] == 0 ? self[1] : nil
    }

    /// Equal within what single-precision constants leave.
    fileprivate func isCubic(_ other: [Double]) -> Bool {
        zip(self, other).allSatisfy { abs($0 - $1) < 1e-5 }
    }
}
