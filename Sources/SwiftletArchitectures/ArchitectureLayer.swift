/// A convolution or linear layer (a 1x1 convolution of a vector) as `Architecture.walk` describes it, before batch normalization is folded.
package struct ArchitectureLayer: Sendable {
    package var role: LayerRole
    package var inputs: Int
    package var outputs: Int
    package var kernel = 1
    package var stride = 1
    package var padTop = 0
    package var padLeft = 0
    package var padBottom = 0
    package var padRight = 0
    package var groups = 1
    package var activation = LayerActivation.linear
    /// Batch normalization follows the convolution. Never together with a bias.
    package var hasBatchNorm = false
    package var hasBias = false
    /// Multiplies the input, hence the weights (not the bias): see `ArchitectureFamily.classifierInputScale`.
    package var inputScale: Float = 1
    /// Height and width of the input and of the output.
    package var inputSize = 1
    package var outputSize = 1

    package init(role: LayerRole, inputs: Int, outputs: Int) {
        self.role = role
        self.inputs = inputs
        self.outputs = outputs
    }

    package var inputsPerGroup: Int { inputs / groups }
    /// [outputs][kernel][kernel][inputs / groups]
    package var weightCount: Int { outputs * kernel * kernel * inputsPerGroup }
}

/// The place of a layer in its network; `block` counts from 0.
package enum LayerRole: Sendable, Equatable {
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
    package var name: String {
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

package enum LayerActivation: Sendable, Equatable {
    case linear
    case relu
    case relu6
    /// x * clamp(x + 3, 0, 6) / 6
    case hardSwish
    /// clamp(x * slope + offset, 0, 1)
    case hardSigmoid(slope: Float, offset: Float)
}
