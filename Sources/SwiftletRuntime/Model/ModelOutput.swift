internal import CKernels

/// One of a model's results: a vector, such as logits or features, or a map.
public struct ModelOutput: @unchecked Sendable {  // the kernel's memory is the model's, and nobody writes to it
    /// The source model's name for it.
    public let name: String
    /// Rows; 1 of a vector.
    public let height: Int
    /// Columns; 1 of a vector.
    public let width: Int
    /// The values of one position: a vector's elements.
    public let channels: Int
    /// What the source model does to the values before it gives them out.
    public let head: OutputHead
    /// Its number among the model's tensors.
    package let tensor: Int
    /// From int8 to single precision, of one picture; nil where the tensor is in single precision.
    var conversion: PackedKernel?

    /// - Parameter description: of the tensor with this number.
    init(_ output: OutputDescription, _ description: TensorDescription) {
        (name, tensor, head) = (output.name, output.tensor, output.head)
        (height, width, channels) = (description.height, description.width, description.channels)
    }

    /// Whether it has one position: values of classes, or features.
    public var isVector: Bool { height == 1 && width == 1 }
    /// Values of one picture, which lie [height][width][channels].
    public var count: Int { height * width * channels }
    /// What its values are, as `inspect` says it.
    package var kind: String {
        switch head {
        case .none: isVector ? "logits" : "map"
        case .softmax: "probabilities"
        case .logSoftmax: "logits before log-softmax"
        case .sigmoid: "logits before sigmoid"
        case .argMax: "logits before argmax"
        case .topK: "logits before top-k"
        }
    }
}

extension [ModelOutput] {
    /// The one that answers what a picture shows: the first vector, or the first of all where there are only maps.
    var classifying: Int { firstIndex { $0.isVector } ?? 0 }
}
