import SwiftletGraph

extension Activation {
    /// The interval that its values lie in; infinite where there is no end.
    var interval: (low: Float, high: Float) {
        switch self {
        case .none: (-.infinity, .infinity)
        case .relu: (0, .infinity)
        case .clip(let low, let high): (low, high)
        case .hardSwish: (-0.375, .infinity)
        case .hardSigmoid, .sigmoid: (0, 1)
        case .swish: (-0.2785, .infinity)
        case .leakyRelu(let slope): (slope < 0 ? 0 : -.infinity, .infinity)
        case .elu(let scale): scale >= 0 ? (-scale, .infinity) : (0, .infinity)
        case .tanh: (-1, 1)
        case .softplus: (0, .infinity)
        case .mish: (-0.3089, .infinity)
        case .gelu, .geluTanh: (-0.1701, .infinity)
        case .thresholdedRelu(let threshold): (min(threshold, 0), .infinity)
        }
    }

    /// The inputs that matter: beyond these ends the activation is flat, to half a step of an int8 output grid.
    var domain: (low: Float, high: Float) {
        switch self {
        case .none: (-.infinity, .infinity)
        case .relu: (0, .infinity)
        case .clip(let low, let high): (low, high)
        case .hardSwish: (-3, .infinity)
        case .hardSigmoid(let slope, let offset):
            (min(-offset / slope, (1 - offset) / slope), max(-offset / slope, (1 - offset) / slope))
        case .sigmoid: (-7, 7)  // sigmoid(7) = 1 - 0.23 / 255
        case .swish: (-8, .infinity)  // swish(-8) = -0.0027
        case .leakyRelu: (-.infinity, .infinity)
        case .elu: (-6, .infinity)  // exp(-6) = 0.0025
        case .tanh: (-4, 4)  // tanh(4) = 1 - 0.17 / 255
        case .softplus: (-6, .infinity)
        case .mish: (-8, .infinity)  // mish(-8) = -0.0027
        case .gelu, .geluTanh: (-3, .infinity)  // gelu(-3) = -0.004
        case .thresholdedRelu(let threshold): (threshold, .infinity)
        }
    }

    /// Whether saturation at the ends of an int8 grid can stand for it: it does nothing but clamp, and 0 lies inside.
    var isClampAroundZero: Bool {
        switch self {
        case .none, .relu: true
        case .clip(let low, let high): low <= 0 && high > 0
        default: false
        }
    }

    /// Its values are shares, 0 to 1: what gates are made of.
    var isUnitInterval: Bool { interval == (0, 1) }
}

/// The derivative of an activation as one formula for all of them: 0 up to `low`, intercept + gradient * y between `low` and `high`,
/// `above` from there on. Those with an exponential are represented by their hard sisters: as weights of a mean that is enough, and it
/// needs none.
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
            (low, high) = activation.domain
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
