/// A convolution or linear layer (a 1x1 convolution of a vector) as `Architecture.walk` describes it, before batch normalization is folded.
public struct ArchitectureLayer: Sendable {
    public var role: LayerRole
    public var inputs: Int
    public var outputs: Int
    public var kernel = 1
    public var stride = 1
    public var padTop = 0
    public var padLeft = 0
    public var padBottom = 0
    public var padRight = 0
    public var groups = 1
    public var activation = LayerActivation.linear
    /// Batch normalization follows the convolution. Never together with a bias.
    public var hasBatchNorm = false
    public var hasBias = false
    /// Multiplies the input, hence the weights (not the bias): see `ArchitectureFamily.classifierInputScale`.
    public var inputScale: Float = 1
    /// Height and width of the input and of the output.
    public var inputSize = 1
    public var outputSize = 1

    public init(role: LayerRole, inputs: Int, outputs: Int) {
        self.role = role
        self.inputs = inputs
        self.outputs = outputs
    }

    public var inputsPerGroup: Int { inputs / groups }
    /// [outputs][kernel][kernel][inputs / groups]
    public var weightCount: Int { outputs * kernel * kernel * inputsPerGroup }
}

/// The place of a layer in its network; `block` counts from 0.
public enum LayerRole: Sendable, Equatable {
    case stem
    case expansion(block: Int)
    case depthwise(block: Int)
    case squeeze(block: Int)
    case excite(block: Int)
    case projection(block: Int)
    case last
    case penultimate
    case classifier

    /// A name that is unique in a network, such as "blocks.3.depthwise".
    public var name: String {
        switch self {
        case .stem: "stem"
        case .expansion(let block): "blocks.\(block).expansion"
        case .depthwise(let block): "blocks.\(block).depthwise"
        case .squeeze(let block): "blocks.\(block).squeeze"
        case .excite(let block): "blocks.\(block).excite"
        case .projection(let block): "blocks.\(block).projection"
        case .last: "last"
        case .penultimate: "penultimate"
        case .classifier: "classifier"
        }
    }
}

public enum LayerActivation: Sendable, Equatable {
    case linear
    case relu
    case relu6
    /// x * clamp(x + 3, 0, 6) / 6
    case hardSwish
    /// clamp(x * slope + offset, 0, 1)
    case hardSigmoid(slope: Float, offset: Float)
}
