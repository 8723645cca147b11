/// A function of one value that a network applies to every element of a map.
package enum Activation: Sendable, Equatable {
    case none
    case relu
    /// min(max(x, low), high); ReLU6 is clip(0, 6)
    case clip(low: Float, high: Float)
    /// x * clamp(x + 3, 0, 6) / 6
    case hardSwish
    /// clamp(x * slope + offset, 0, 1)
    case hardSigmoid(slope: Float, offset: Float)
    case sigmoid
    /// x * sigmoid(x)
    case swish
    /// x, times slope where x is negative
    case leakyRelu(slope: Float)
    /// x; where x is negative, scale * (exp(x) - 1)
    case elu(scale: Float)
    case tanh
    /// log(1 + exp(x))
    case softplus
    /// x * tanh(softplus(x))
    case mish
    /// x * (1 + erf(x / sqrt(2))) / 2
    case gelu
    /// x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2
    case geluTanh
    /// x; 0 up to the threshold
    case thresholdedRelu(threshold: Float)
}
