/// What is to be known of an operator apart from its arithmetic, which `CKernels.h` has. `OperatorKind.traits` is the table; the reader,
/// the quantizer, the memory plan and the tools read it.
package struct OperatorTraits: Sendable {
    /// The operator in `inspect` and `bench`, and the beginning of its kernels' names.
    package let name: StaticString
    /// Element type of all inputs; nil: the output's.
    package let from: ElementType?
    /// Element type of the output; nil: any, of an operator without a kernel.
    package let to: ElementType?
    package let inputs: Inputs
    package let shape: ShapeRule
    package let activations: Activations
    /// The input whose memory may become the output's.
    package let overwrites: Overwriting
    package let work: Work
    package let multipliers: MultiplierBound
    package let lengths: ParameterLengths

    init(
        _ name: StaticString, from: ElementType?, to: ElementType?, inputs: Inputs = .one, shape: ShapeRule,
        activations: Activations = .linear, overwrites: Overwriting = .none, work: Work = .outputs, multipliers: MultiplierBound = .element,
        _ lengths: ParameterLengths = ParameterLengths()
    ) {
        (self.name, self.from, self.to, self.inputs, self.shape) = (name, from, to, inputs, shape)
        (self.activations, self.overwrites, self.work) = (activations, overwrites, work)
        (self.multipliers, self.lengths) = (multipliers, lengths)
    }

    package enum Inputs: Sendable {
        case one
        /// [x] or [x, residual], a residual of the output's shape.
        case oneOrResidual
        /// [x, y], both of the output's shape.
        case pair
        /// [x, y], where y has the output's shape or is a gate, a vector that all positions take.
        case pairOrGate
        /// Two or more; one or more where channels are selected.
        case several
    }

    package enum ShapeRule: Sendable {
        /// A window of any stride, dilation and padding; groups divide both channel counts.
        case convolution
        /// As convolution, with as many groups as input channels and as output channels.
        case depthwise
        /// A window without dilation, padded by less than itself; the input's channels.
        case pool
        /// A vector of the input's channels.
        case globalPool
        /// The first input's shape.
        case same
        /// The inputs' height and width, and all their channels one after another, or those that its table selects. The executor copies the
        /// parts: there is no kernel.
        case concatenation
        /// The input's channels at the rows and columns that its table names. The executor copies them, too.
        case resampling
    }

    package enum Activations: Sendable {
        case linear
        /// Linear, or hard-swish where there is no residual.
        case hardSwish
        case all
    }

    package enum Overwriting: Sendable {
        case none
        case first
        /// The first input's or the second's.
        case either
    }

    /// What counts as one operation of a run.
    package enum Work: Sendable {
        /// A multiply-accumulate.
        case products
        /// An input value that is read for an output, of a window or of the whole map.
        case window
        case map
        /// An output value.
        case outputs
    }

    /// The largest multiplier: see `Bounds`.
    package enum MultiplierBound: Sendable {
        /// Of a convolution's sum.
        case sum
        /// Of a sum over all positions.
        case globalPool
        /// Of a difference of two values, or a product.
        case element
        /// None but a scale's.
        case scale
    }
}

/// How many elements each of an operator's arrays has.
package struct ParameterLengths: Sendable {
    package var weights = ParameterLength.none
    package var bias = ParameterLength.none
    package var multiplier = ParameterLength.none
    package var offsets = ParameterLength.none
    package var secondMultiplier = ParameterLength.none
    package var table = ParameterLength.none
    package var floatWeights = ParameterLength.none
    package var floatBias = ParameterLength.none
}

package enum ParameterLength: Sendable {
    case none
    /// [output channels][kernel height][kernel width][input channels / groups]
    case weights
    /// [output channels]
    case channels
    /// [output channels] where a residual is added.
    case channelsOfResidual
    /// [output channels] of an average; a maximum has none.
    case channelsOfAverage
    /// [256], or [output channels][256].
    case tables
    /// None, or [output channels][2]: the channels that are selected.
    case selection
    /// [output height + output width][2]: the rows and columns that are taken.
    case positions
}
