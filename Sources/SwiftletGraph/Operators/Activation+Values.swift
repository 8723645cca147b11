import Foundation

extension Activation {
    /// The function itself, in double precision.
    package func apply(_ x: Double) -> Double {
        switch self {
        case .none: x
        case .relu: max(x, 0)
        case .clip(let low, let high): min(max(x, Double(low)), Double(high))
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .hardSigmoid(let slope, let offset): min(max(x * Double(slope) + Double(offset), 0), 1)
        case .sigmoid: 1 / (1 + exp(-x))
        case .swish: x / (1 + exp(-x))
        case .leakyRelu(let slope): x < 0 ? x * Double(slope) : x
        case .elu(let scale): x < 0 ? Double(scale) * expm1(x) : x
        case .tanh: Foundation.tanh(x)
        case .softplus: max(x, 0) + log1p(exp(-abs(x)))
        case .mish: x * Foundation.tanh(max(x, 0) + log1p(exp(-abs(x))))
        case .gelu: x * erfc(-x * 0.5.squareRoot()) / 2
        case .geluTanh: x / (1 + exp(-2 * 0.797884560802865 * (x + 0.044715 * x * x * x)))
        case .thresholdedRelu(let threshold): x > Double(threshold) ? x : 0
        }
    }
}
