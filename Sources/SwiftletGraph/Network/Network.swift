/// A feed-forward image network in its fused form: what importers and built-in architectures hand to calibration and lowering.
///
/// Maps are NHWC. Batch normalization is folded, activations and residual additions are part of the operator before them, scalars are
/// folded into neighboring weights. A layer's `output` is written by that layer alone, and layers are in an order in which they can run.
package struct Network: Sendable {
    package var name: String
    /// Indexed by the tensor numbers in `layers`, `input`, `output`.
    package var tensors: [Tensor]
    package var layers: [Layer]
    package var input: Int
    /// In the source model's order; there is at least one.
    package var outputs: [NetworkOutput]
    /// What the source model does to its input before anything else; layers do it, too.
    package var inputScaling = InputScaling()

    package init(name: String, tensors: [Tensor] = [], layers: [Layer] = [], input: Int = 0, output: Int = 0, endsInSoftmax: Bool = false) {
        self.name = name
        self.tensors = tensors
        self.layers = layers
        self.input = input
        outputs = [NetworkOutput(name: "", tensor: output, head: endsInSoftmax ? .softmax : .none)]
    }
}

/// One of a network's results.
package struct NetworkOutput: Sendable, Equatable {
    /// The source model's; empty in built-in architectures.
    package var name: String
    /// The tensor's number: logits, features, or a map.
    package var tensor: Int
    /// What the source model does to the tensor before it gives it out. It is not a layer.
    package var head: Head

    package init(name: String, tensor: Int, head: Head = .none) {
        self.name = name
        self.tensor = tensor
        self.head = head
    }
}

extension Network {
    /// Number of the output that says what a picture shows: the first vector, or the first of all where there are only maps.
    package var classifyingOutput: Int {
        outputs.firstIndex { tensors.indices.contains($0.tensor) && tensors[$0.tensor].isVector } ?? 0
    }

    /// The tensor of the output that classifies.
    package var output: Int {
        get { outputs[classifyingOutput].tensor }
        set { outputs[classifyingOutput].tensor = newValue }
    }

    /// Whether the source model makes shares of 1 of the output that classifies.
    package var endsInSoftmax: Bool { outputs[classifyingOutput].head == .softmax }
}

/// The shape of an activation, batch apart.
package struct Tensor: Sendable, Equatable {
    package var name: String
    package var height: Int
    package var width: Int
    package var channels: Int
    /// The grid that it came with: one pair, or one a channel. Only in networks of models that are int8 already.
    package var grid: PublishedGrid? {
        get { grids.first }
        set { grids = newValue.map { [$0] } ?? [] }
    }
    /// None or one: a list takes little room where there is none.
    private var grids: [PublishedGrid] = []
    /// The largest magnitude that whoever quantized such a model saw of it.
    package var observed: Float?

    package init(name: String, height: Int, width: Int, channels: Int) {
        self.name = name
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Values per picture.
    package var count: Int { height * width * channels }
    /// A map of one position, such as what global pooling gives.
    package var isVector: Bool { height * width == 1 }
}

package struct Layer: Sendable {
    /// The source model's node name (unique), used in reports and errors.
    package var name: String
    package var operation: Operation
    /// Tensor numbers, in the order the operation names them.
    package var inputs: [Int]
    package var output: Int

    package init(name: String, operation: Operation, inputs: [Int], output: Int) {
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.output = output
    }
}

package enum Operation: Sendable {
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
    /// inputs: [x]. By row and by column of the output, the row and column of x that it is: nearest neighbors, parts of a map, repeated
    /// edges.
    case resample(rows: [Int], columns: [Int])
}
