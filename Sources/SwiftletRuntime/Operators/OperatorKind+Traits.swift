extension OperatorKind {
    /// The table of all operators. docs/adding-an-operator.md says what else a new one takes.
    @inline(never)
    package var traits: OperatorTraits {
        switch self {
        case .convolutionInt8:
            OperatorTraits(
                "conv_s8", from: .int8, to: .int8, inputs: .oneOrResidual, shape: .convolution, activations: .hardSwish, work: .products,
                multipliers: .sum, .int8Convolution)
        case .depthwiseInt8:
            OperatorTraits(
                "depthwise_s8", from: .int8, to: .int8, inputs: .oneOrResidual, shape: .depthwise, activations: .hardSwish,
                work: .products, multipliers: .sum, .int8Convolution)
        case .globalPoolInt8:
            OperatorTraits(
                "global_pool_s8", from: .int8, to: .int8, shape: .globalPool, work: .map, multipliers: .globalPool,
                ParameterLengths(bias: .channels, multiplier: .channels))
        case .poolInt8:
            OperatorTraits(
                "pool_s8", from: .int8, to: .int8, shape: .pool, work: .window, ParameterLengths(multiplier: .channelsOfAverage))
        case .multiplyInt8:
            OperatorTraits(
                "mul_s8", from: .int8, to: .int8, inputs: .pairOrGate, shape: .same, overwrites: .first,
                ParameterLengths(multiplier: .channels))
        case .addInt8:
            OperatorTraits(
                "add_s8", from: .int8, to: .int8, inputs: .pair, shape: .same, overwrites: .either,
                ParameterLengths(multiplier: .channels, secondMultiplier: .channels))
        case .tableInt8:
            OperatorTraits("table_s8", from: .int8, to: .int8, shape: .same, overwrites: .first, ParameterLengths(table: .tables))
        case .quantize:
            OperatorTraits(
                "quantize", from: .float32, to: .int8, shape: .same, multipliers: .scale,
                ParameterLengths(multiplier: .channels, offsets: .channels))
        case .dequantize:
            OperatorTraits(
                "dequantize", from: .int8, to: .float32, shape: .same, multipliers: .scale, ParameterLengths(multiplier: .channels))
        case .concatenate:
            OperatorTraits(
                "concatenate", from: nil, to: nil, inputs: .several, shape: .concatenation, ParameterLengths(table: .selection))
        case .resample:
            OperatorTraits("resample", from: nil, to: nil, shape: .resampling, ParameterLengths(table: .positions))
        case .convolutionFloat:
            OperatorTraits(
                "conv_f32", from: .float32, to: .float32, inputs: .oneOrResidual, shape: .convolution, activations: .all, work: .products,
                .floatConvolution)
        case .depthwiseFloat:
            OperatorTraits(
                "depthwise_f32", from: .float32, to: .float32, inputs: .oneOrResidual, shape: .depthwise, activations: .all,
                work: .products, .floatConvolution)
        case .globalPoolFloat:
            OperatorTraits("global_pool_f32", from: .float32, to: .float32, shape: .globalPool, work: .map)
        case .poolFloat:
            OperatorTraits("pool_f32", from: .float32, to: .float32, shape: .pool, work: .window)
        case .multiplyFloat:
            OperatorTraits("mul_f32", from: .float32, to: .float32, inputs: .pairOrGate, shape: .same, overwrites: .first)
        case .addFloat:
            OperatorTraits(
                "add_f32", from: .float32, to: .float32, inputs: .pairOrGate, shape: .same, activations: .all, overwrites: .either)
        case .activationFloat:
            OperatorTraits("activation_f32", from: .float32, to: .float32, shape: .same, activations: .all, overwrites: .first)
        }
    }

    package var name: String { "\(traits.name)" }
    /// Whether it computes in single precision throughout.
    package var isFloat: Bool { traits.from == .float32 && traits.to == .float32 }
    /// Whether it computes in int8 throughout.
    package var isInt8: Bool { traits.from == .int8 && traits.to == .int8 }
    package var isConvolution: Bool { traits.shape == .convolution || isDepthwise }
    package var isDepthwise: Bool { traits.shape == .depthwise }
    package var isPool: Bool { traits.shape == .pool }
    package var hasWindow: Bool { isConvolution || isPool }
    /// Whether it goes from one type of values to the other.
    package var isConversion: Bool { traits.from != traits.to }
    /// Whether a kernel runs it; the executor itself does the others.
    package var hasKernel: Bool { traits.to != nil }
    /// Whether it always has a second input.
    package var isPairwise: Bool { traits.inputs == .pair || traits.inputs == .pairOrGate }
}

extension ParameterLengths {
    fileprivate static var int8Convolution: ParameterLengths {
        ParameterLengths(weights: .weights, bias: .channels, multiplier: .channels, secondMultiplier: .channelsOfResidual)
    }

    fileprivate static var floatConvolution: ParameterLengths {
        ParameterLengths(floatWeights: .weights, floatBias: .channels)
    }
}
