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
        }
    }
}
