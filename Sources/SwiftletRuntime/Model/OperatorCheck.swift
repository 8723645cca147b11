internal import CKernels

/// Checks one operator's shapes and parameters against each other.
struct OperatorCheck {
    let label: String
    let kind: OperatorKind
    let activation: LoweredActivation
    let shape: sk_shape
    let inputs: [TensorDescription]
    let output: TensorDescription
    let arrays: OperatorArrays

    private var traits: OperatorTraits { kind.traits }

    func run() throws(SwiftletError) {
        try checkTypes()
        try checkActivation()
        try checkInputs()
        switch traits.shape {
        case .convolution, .depthwise: try checkConvolution()
        case .pool: try checkPool()
        case .globalPool: try checkGlobalPool()
        case .same: try requireSameShape(inputs[0])
        case .concatenation: try checkConcatenation()
        case .resampling: try checkResampling()
        }
        if !kind.hasWindow { try requireIdentityWindow() }
        try checkParameters()
    }

    private func wrong(_ what: String) -> SwiftletError {
        .badFile("\(label): wrong \(what)")
    }

    // MARK: - Shapes

    private func checkTypes() throws(SwiftletError) {
        let from = traits.from ?? output.type
        for input in inputs where input.type != from { throw wrong("type of an input tensor") }
        guard output.type == traits.to ?? output.type else { throw wrong("type of the output tensor") }
    }

    private func checkActivation() throws(SwiftletError) {
        switch traits.activations {
        case .all: break
        case .hardSwish:
            guard activation == .linear || activation == .hardSwish && inputs.count == 1 else { throw wrong("activation") }
        case .linear:
            guard activation == .linear else { throw wrong("activation") }
        }
        let (a, b) = (shape.act_a, shape.act_b)
        let fits: Bool
        switch activation {
        case .clip: fits = a <= b  // either may be infinite
        case .hardSigmoid: fits = a.isFinite && b.isFinite
        case .leakyRelu, .elu, .thresholdedRelu: fits = a.isFinite && b == 0
        default: fits = a == 0 && b == 0
        }
        guard fits, Bounds.isZeroOrNormal(a), Bounds.isZeroOrNormal(b) else { throw wrong("activation constant") }
    }

    /// How many inputs there are, and the second one's shape.
    private func checkInputs() throws(SwiftletError) {
        let isRight: Bool
        switch traits.inputs {
        case .one: isRight = inputs.count == 1
        case .oneOrResidual: isRight = inputs.count == 1 || inputs.count == 2
        case .pair, .pairOrGate: isRight = inputs.count == 2
        case .several: isRight = inputs.count >= (arrays.table.isEmpty ? 2 : 1)
        }
        guard isRight else { throw wrong("number of inputs") }
        guard traits.inputs != .several, inputs.count > 1 else { return }
        if shape.gate == 0 {
            try requireSameShape(inputs[1])
        } else {
            guard inputs[1].channels == output.channels else { throw wrong("channel count of the gate") }
        }
    }

    private func checkConvolution() throws(SwiftletError) {
        guard shape.groups >= 1, shape.in_c % shape.groups == 0, shape.out_c % shape.groups == 0 else { throw wrong("group count") }
        if kind.isDepthwise {
            guard shape.groups == shape.in_c, shape.groups == shape.out_c else { throw wrong("group count of a depthwise convolution") }
        }
        try checkWindow()
        guard kind.isFloat || shape.inputsPerOutput <= WideCount(Bounds.largestInputsPerOutput) else {
            throw wrong("number of inputs an output")
        }
        let count = kind.isFloat ? arrays.floatWeights.count : arrays.weights.count
        guard WideCount(count) == ParameterLength.weights.count(for: shape) else { throw wrong("number of weights") }
    }

    private func checkPool() throws(SwiftletError) {
        guard inputs[0].channels == output.channels else { throw wrong("channel count") }
        try checkWindow()
        guard shape.pad_top < shape.kernel_h, shape.pad_bottom < shape.kernel_h, shape.pad_left < shape.kernel_w,
            shape.pad_right < shape.kernel_w
        else { throw wrong("padding") }
        guard shape.dilation_h == 1, shape.dilation_w == 1 else { throw wrong("dilation of a pool") }
        guard shape.groups == 1 else { throw wrong("group count") }
    }

    private func checkGlobalPool() throws(SwiftletError) {
        guard inputs[0].channels == output.channels, output.isVector else { throw wrong("shape") }
        guard inputs[0].height * inputs[0].width <= Bounds.largestPooledPositions else { throw wrong("input size") }
    }

    private func checkConcatenation() throws(SwiftletError) {
        var channels = 0
        for part in inputs {
            guard part.height == output.height, part.width == output.width else { throw wrong("height or width") }
            channels += part.channels
        }
        // Without a table all channels follow one another; with one, it names a channel of theirs for each of the output's.
        guard !arrays.table.isEmpty else {
            guard channels == output.channels else { throw wrong("channel count") }
            return
        }
        guard arrays.table.count == 2 * output.channels else { throw wrong("number of parameters") }
        for channel in arrays.selection where Int(channel) >= channels { throw wrong("channel that is selected") }
    }

    private func checkResampling() throws(SwiftletError) {
        guard inputs[0].channels == output.channels else { throw wrong("channel count") }
        guard arrays.fit(traits.lengths, shape) else { throw wrong("number of parameters") }
        for (index, position) in arrays.selection.enumerated()
        where Int(position) >= (index < output.height ? inputs[0].height : inputs[0].width) {
            throw wrong("row or column that is taken")
        }
    }

    private func checkWindow() throws(SwiftletError) {
        for size in [shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w]
        where size < 1 || size > Bounds.largestWindow {
            throw wrong("window")
        }
        for pad in [shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right] where pad > Bounds.largestPadding {
            throw wrong("padding")
        }
        let (height, width) = (shape.dilation_h * (shape.kernel_h - 1) + 1, shape.dilation_w * (shape.kernel_w - 1) + 1)
        let h = shape.in_h + shape.pad_top + shape.pad_bottom - height
        let w = shape.in_w + shape.pad_left + shape.pad_right - width
        guard h >= 0, w >= 0, h / shape.stride_h + 1 == shape.out_h, w / shape.stride_w + 1 == shape.out_w else {
            throw wrong("output size")
        }
    }

    private func requireSameShape(_ input: TensorDescription) throws(SwiftletError) {
        guard input.height == output.height, input.width == output.width, input.channels == output.channels else { throw wrong("shape") }
    }

    private func requireIdentityWindow() throws(SwiftletError) {
        for size in [shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w, shape.groups]
        where size != 1 {
            throw wrong("window")
        }
        for pad in [shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right] where pad != 0 { throw wrong("padding") }
    }

    // MARK: - Parameters

    /// How long the arrays are, and what their values may be.
    private func checkParameters() throws(SwiftletError) {
        guard arrays.fit(traits.lengths, shape) else { throw wrong("number of parameters") }
        guard sk_weights_are_symmetric(arrays.weights.baseAddress, arrays.weights.count) else {
            throw wrong("weight: -128, not -127 to 127")
        }
        guard sk_are_finite(arrays.floatWeights.baseAddress, arrays.floatWeights.count),
            sk_are_finite(arrays.floatBias.baseAddress, arrays.floatBias.count)
        else { throw wrong("float weight or bias: not finite") }
        for value in arrays.bias where value > Bounds.largestBias || value < -Bounds.largestBias { throw wrong("bias: out of range") }
        try checkMultipliers()
        for value in arrays.secondMultiplier where !Bounds.isMultiplier(value, atMost: Bounds.largestElementMultiplier) {
            throw wrong("second multiplier: out of range")
        }
        for value in arrays.offsets where !Bounds.isOffset(value) { throw wrong("offset: out of range") }
    }

    private func checkMultipliers() throws(SwiftletError) {
        let largest = Bounds.largestMultiplier(of: kind, inputsPerOutput: arrays.weights.count / output.channels)
        let isHardSwish = activation == .hardSwish
        for (channel, value) in arrays.multiplier.enumerated() {
            guard
                isHardSwish
                    ? Bounds.isHardSwish(value, output.hardSwishFactor(channel), atMost: largest)
                    : Bounds.isMultiplier(value, atMost: largest)
            else { throw wrong("multiplier: out of range") }
        }
    }
}
