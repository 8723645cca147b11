/// A feed-forward image network in its fused form: what importers and built-in architectures hand to calibration and lowering.
///
/// Maps are NHWC. Batch normalization is folded, activations and residual additions are part of the operator before them, scalars are
/// folded into neighboring weights. A layer's `output` is written by that layer alone, and layers are in an order in which they can run.
public struct Network: Sendable {
    public var name: String
    /// Indexed by the tensor numbers in `layers`, `input`, `output`.
    public var tensors: [Tensor]
    public var layers: [Layer]
    public var input: Int
    /// In the source model's order; there is at least one.
    public var outputs: [NetworkOutput]

    public init(name: String, tensors: [Tensor] = [], layers: [Layer] = [], input: Int = 0, output: Int = 0, endsInSoftmax: Bool = false) {
        self.name = name
        self.tensors = tensors
        self.layers = layers
        self.input = input
        outputs = [NetworkOutput(name: "", tensor: output, head: endsInSoftmax ? .softmax : .none)]
    }
}

/// One of a network's results.
public struct NetworkOutput: Sendable, Equatable {
    /// The source model's; empty in built-in architectures.
    public var name: String
    /// The tensor's number: logits, features, or a map.
    public var tensor: Int
    /// What the source model does to the tensor before it gives it out. It is not a layer.
    public var head: Head

    public init(name: String, tensor: Int, head: Head = .none) {
        self.name = name
        self.tensor = tensor
        self.head = head
    }
}

extension Network {
    /// The first output's tensor.
    public var output: Int {
        get { outputs[0].tensor }
        set { outputs[0].tensor = newValue }
    }

    /// Whether the source model makes shares of 1 of its first output.
    public var endsInSoftmax: Bool { outputs[0].head == .softmax }
}

/// The shape of an activation, batch apart.
public struct Tensor: Sendable, Equatable {
    public var name: String
    public var height: Int
    public var width: Int
    public var channels: Int

    public init(name: String, height: Int, width: Int, channels: Int) {
        self.name = name
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Values per picture.
    public var count: Int { height * width * channels }
    /// A map of one position, such as what global pooling gives.
    public var isVector: Bool { height * width == 1 }
}

public struct Layer: Sendable {
    /// The source model's node name (unique), used in reports and errors.
    public var name: String
    public var operation: Operation
    /// Tensor numbers, in the order the operation names them.
    public var inputs: [Int]
    public var output: Int

    public init(name: String, operation: Operation, inputs: [Int], output: Int) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.output = output
    }
}

public enum Operation: Sendable {
    /// inputs: [x] or [x, residual]. y = activation(conv(x) + bias + residual). Linear layers are 1x1 convolutions on vectors; a standalone
    /// per-channel scale and shift, or padding, is a 1x1 depthwise convolution.
    case convolution(Convolution)
    /// inputs: [x] -> a vector.
    case globalAveragePool
    /// inputs: [x].
    case pool(Pool)
    /// inputs: [x, y]; y has x's shape or is a vector with x's channels (a gate).
    case multiply
    /// inputs: [x, y] of one shape (or y a vector, broadcast). y = activation(x + y).
    case add(Activation)
    /// inputs: [x].
    case activation(Activation)
    /// inputs: one or more maps of one height and width, joined along the channels. `selecting` names the channels of the joined map that
    /// the output has, in its order; nil: all of them in theirs.
    case concatenate(selecting: [Int]?)
}

public struct Window: Sendable, Equatable {
    public var kernelHeight = 1, kernelWidth = 1
    public var strideHeight = 1, strideWidth = 1
    public var dilationHeight = 1, dilationWidth = 1
    public var padTop = 0, padLeft = 0, padBottom = 0, padRight = 0

    public init() {}

    /// Output height and width for an input of `height` x `width`; nil when the window does not fit.
    public func outputSize(height: Int, width: Int) -> (height: Int, width: Int)? {
        let h = height + padTop + padBottom - dilationHeight * (kernelHeight - 1) - 1
        let w = width + padLeft + padRight - dilationWidth * (kernelWidth - 1) - 1
        guard h >= 0, w >= 0 else { return nil }
        return (h / strideHeight + 1, w / strideWidth + 1)
    }
}

public struct Convolution: Sendable {
    public var window: Window
    public var groups: Int
    /// [outputs][kernelHeight][kernelWidth][inputs / groups]
    public var weights: [Float]
    /// [outputs]
    public var bias: [Float]
    public var activation: Activation

    public init(window: Window, groups: Int, weights: [Float], bias: [Float], activation: Activation) {
        self.window = window
        self.groups = groups
        self.weights = weights
        self.bias = bias
        self.activation = activation
    }

    public var outputs: Int { bias.count }
    /// Input channels that one output reads.
    public var inputsPerGroup: Int { weights.count / (bias.count * window.kernelHeight * window.kernelWidth) }
    /// One input and one output channel a group.
    public var isDepthwise: Bool { groups > 1 && groups == bias.count && inputsPerGroup == 1 }
}

public struct Pool: Sendable, Equatable {
    public enum Kind: Sendable { case max, average }
    public var kind: Kind
    public var window: Window
    /// Average: divide by the whole window, padding included.
    public var countsPadding: Bool

    public init(kind: Kind, window: Window, countsPadding: Bool) {
        self.kind = kind
        self.window = window
        self.countsPadding = countsPadding
    }
}
