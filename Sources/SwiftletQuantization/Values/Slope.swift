import SwiftletGraph

/// The derivative of an activation as one formula for all of them: 0 up to `low`, intercept + gradient * y between `low` and `high`,
/// `above` from there on. Those with an exponential are represented by their hard sisters: as weights of a mean that is enough, and it
/// needs no exponential.
struct Slope: Sendable {
    var low: Float, high: Float
    var intercept: Float, gradient: Float
    var above: Float

    /// - Returns: nil for `none`, whose slope is 1 everywhere.
    init?(_ activation: Activation) {
        (gradient, above) = (0, 0)
        switch activation {
        case .none: return nil
        case .relu, .elu, .softplus: (low, high, intercept, above) = (0, .infinity, 1, 1)
        case .leakyRelu: return nil
        case .thresholdedRelu(let threshold): (low, high, intercept, above) = (threshold, .infinity, 1, 1)
        case .gelu, .geluTanh: (low, high, intercept, gradient, above) = (-1.5, 1.5, 0.5, 2 / 3, 1)
        case .tanh: (low, high, intercept) = (-1, 1, 1)
        case .clip(let from, let to): (low, high, intercept) = (from, to, 1)
        case .hardSwish, .swish, .mish: (low, high, intercept, gradient, above) = (-3, 3, 0.5, 1 / 3, 1)
        case .hardSigmoid(let slope, _):
            (low, high) = (activation.domain.low, activation.domain.high)
            intercept = slope
        case .sigmoid: (low, high, intercept) = (-3, 3, 1.0 / 6)
        }
    }

    /// The weight that an output gets however flat the activation is, relative to the squared slope's usual peak.
    var floor: Float { 0.01 * (gradient == 0 ? intercept * intercept : 1) }

    @inline(__always)
    func callAsFunction(_ y: Float) -> Float {
        y <= low ? 0 : (y < high ? intercept + gradient * y : above)
    }
}
