extension LoweredActivation {
    /// The activation in `inspect` and `bench`.
    package var name: String {
        switch self {
        case .linear: "linear"
        case .hardSwish: "hard-swish"
        case .relu: "relu"
        case .clip: "clip"
        case .hardSigmoid: "hard-sigmoid"
        case .sigmoid: "sigmoid"
        case .swish: "swish"
        case .leakyRelu: "leaky-relu"
        case .elu: "elu"
        case .tanh: "tanh"
        case .softplus: "softplus"
        case .mish: "mish"
        case .gelu: "gelu"
        case .geluTanh: "gelu-tanh"
        case .thresholdedRelu: "thresholded-relu"
        }
    }
}
