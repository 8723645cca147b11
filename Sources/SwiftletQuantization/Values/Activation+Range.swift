import SwiftletGraph

extension Activation {
    /// The interval that its values lie in.
    var interval: Interval {
        switch self {
        case .none: .everything
        case .relu: Interval(low: 0, high: .infinity)
        case .clip(let low, let high): Interval(low: low, high: high)
        case .hardSwish: Interval(low: -0.375, high: .infinity)
        case .hardSigmoid, .sigmoid: .unit
        case .swish: Interval(low: -0.2785, high: .infinity)
        case .leakyRelu(let slope): Interval(low: slope < 0 ? 0 : -.infinity, high: .infinity)
        case .elu(let scale): Interval(low: scale >= 0 ? -scale : 0, high: .infinity)
        case .tanh: Interval(low: -1, high: 1)
        case .softplus: Interval(low: 0, high: .infinity)
        case .mish: Interval(low: -0.3089, high: .infinity)
        case .gelu, .geluTanh: Interval(low: -0.1701, high: .infinity)
        case .thresholdedRelu(let threshold): Interval(low: min(threshold, 0), high: .infinity)
        }
    }

    /// The inputs that matter: beyond these ends the activation is flat, to half a step of an int8 output grid.
    var domain: Interval {
        switch self {
        case .none: .everything
        case .relu: Interval(low: 0, high: .infinity)
        case .clip(let low, let high): Interval(low: low, high: high)
        case .hardSwish: Interval(low: -3, high: .infinity)
        case .hardSigmoid(let slope, let offset):
            Interval(low: min(-offset / slope, (1 - offset) / slope), high: max(-offset / slope, (1 - offset) / slope))
        case .sigmoid: Interval(low: -7, high: 7)  // sigmoid(7) = 1 - 0.23 / 255
        case .swish: Interval(low: -8, high: .infinity)  // swish(-8) = -0.0027
        case .leakyRelu: .everything
        case .elu: Interval(low: -6, high: .infinity)  // exp(-6) = 0.0025
        case .tanh: Interval(low: -4, high: 4)  // tanh(4) = 1 - 0.17 / 255
        case .softplus: Interval(low: -6, high: .infinity)
        case .mish: Interval(low: -8, high: .infinity)  // mish(-8) = -0.0027
        case .gelu, .geluTanh: Interval(low: -3, high: .infinity)  // gelu(-3) = -0.004
        case .thresholdedRelu(let threshold): Interval(low: threshold, high: .infinity)
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
    var isUnitInterval: Bool { interval == .unit }
}

extension SwiftletGraph.Operation {
    /// The activation at its end.
    var activation: Activation {
        switch self {
        case .convolution(let convolution): convolution.activation
        case .add(let activation), .activation(let activation): activation
        case .globalAveragePool, .pool, .multiply, .concatenate, .resample: .none
        }
    }
}
