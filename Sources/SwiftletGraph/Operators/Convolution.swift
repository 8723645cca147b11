/// A convolution with its bias and activation.
package struct Convolution: Sendable {
    package var window: Window
    package var groups: Int
    /// [outputs][kernelHeight][kernelWidth][inputs / groups]
    package var weights: [Float]
    /// [outputs]
    package var bias: [Float]
    package var activation: Activation

    package init(window: Window, groups: Int, weights: [Float], bias: [Float], activation: Activation) {
        self.window = window
        self.groups = groups
        self.weights = weights
        self.bias = bias
        self.activation = activation
    }

    package var outputs: Int { bias.count }
    /// Input channels that one output reads.
    package var inputsPerGroup: Int { weights.count / (bias.count * window.kernelHeight * window.kernelWidth) }
    /// One input and one output channel a group.
    package var isDepthwise: Bool { groups > 1 && groups == bias.count && inputsPerGroup == 1 }
}
