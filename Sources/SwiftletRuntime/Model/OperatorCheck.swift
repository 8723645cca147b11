import CKernels

/// Checks one operator's shapes and parameters against each other and completes its `sk_params`.
struct OperatorCheck {
    let label: String
    let inputs: [TensorDescription]
    let output: TensorDescription
    let weights: UnsafeBufferPointer<Int8>
    let bias: UnsafeBufferPointer<Int32>
    let multiplier: UnsafeBufferPointer<Float>
    let offsets: UnsafeBufferPointer<Float>
    let secondMultiplier: UnsafeBufferPointer<Float>
    let table: UnsafeBufferPointer<UInt8>
    let floatWeights: UnsafeBufferPointer<Float>
    let floatBias: UnsafeBufferPointer<Float>

    func run(_ operation: inout ModelOperator) throws(ModelError) {
        try checkTypes(operation.kind)
        try checkActivation(operation)
        switch operation.kind {
        case .convolutionInt8, .depthwiseInt8, .convolutionFloat, .depthwiseFloat:
            try checkConvolution(&operation)
        case .globalPoolInt8, .globalPoolFloat:
            try requireInputs(1)
            guard inputs[0].channels == output.channels, output.height == 1, output.width == 1 else { throw wrong("shape") }
            guard inputs[0].height * inputs[0].width <= Bounds.largestPooledPositions else { throw wrong("input size") }
            try requireIdentityWindow(operation.shape)
        case .poolInt8, .poolFloat:
            try requireInputs(1)
            guard inputs[0].channels == output.channels else { throw wrong("channel count") }
            try checkWindow(operation.shape, padsWithinKernel: true)
            guard operation.shape.groups == 1 else { throw wrong("group count") }
        case .multiplyInt8, .multiplyFloat, .addInt8, .addFloat:
            try requireInputs(2)
            try requireSameShape(inputs[0], output)
            let isVector = inputs[1].height * inputs[1].width == 1
            if isVector && inputs[0].height * inputs[0].width > 1 {
                guard inputs[1].channels == output.channels else { throw wrong("channel count of the gate") }
                operation.shape.gate = 1
            } else {
                try requireSameShape(inputs[1], output)
            }
            guard operation.kind != .addInt8 || operation.shape.gate == 0 else { throw wrong("shape of the second input") }
            try requireIdentityWindow(operation.shape)
        case .tableInt8, .activationFloat, .quantize, .dequantize:
            try requireInputs(1)
            try requireSameShape(inputs[0], output)
            try requireIdentityWindow(operation.shape)
        case .concatenate:
            try checkConcatenation(&operation)
            try requireIdentityWindow(operation.shape)
        }
        try checkParameters(&operation)
        operation.parameters.weights = weights.baseAddress
        operation.parameters.bias = bias.baseAddress
        operation.parameters.in2_multiplier = secondMultiplier.baseAddress
        operation.parameters.table = table.baseAddress
        operation.parameters.weights_f32 = floatWeights.baseAddress
        operation.parameters.bias_f32 = floatBias.baseAddress
        if operation.kind == .quantize || operation.kind == .dequantize {
            operation.parameters.scale = multiplier.baseAddress
            operation.parameters.offset = offsets.baseAddress
        } else {
            operation.parameters.multiplier = multiplier.baseAddress
        }
    }

    private func wrong(_ what: String) -> ModelError {
        ModelError("\(label): wrong \(what)")
    }

    // MARK: - Shapes

    private func checkTypes(_ kind: OperatorKind) throws(ModelError) {
        let (from, to): (ElementType, ElementType)
        switch kind {
        case .quantize: (from, to) = (.float32, .int8)
        case .dequantize: (from, to) = (.int8, .float32)
        case .concatenate: (from, to) = (output.type, output.type)
        default: (from, to) = kind.isFloat ? (.float32, .float32) : (.int8, .int8)
        }
        for input in inputs where input.type != from { throw wrong("type of an input tensor") }
        guard output.type == to else { throw wrong("type of the output tensor") }
    }

    private func checkActivation(_ operation: ModelOperator) throws(ModelError) {
        let activation = operation.activation
        switch operation.kind {
        case .convolutionFloat, .depthwiseFloat, .addFloat, .activationFloat:
            break
        case .convolutionInt8, .depthwiseInt8:
            guard activation == .linear || activation == .hardSwish && operation.inputs.count == 1 else { throw wrong("activation") }
        default:
            guard activation == .linear else { throw wrong("activation") }
        }
        let (a, b) = (operation.shape.act_a, operation.shape.act_b)
        let fits: Bool
        switch activation {
        case .clip: fits = a <= b  // either may be infinite
        case .hardSigmoid: fits = a.isFinite && b.isFinite
        case .leakyRelu, .elu, .thresholdedRelu: fits = a.isFinite && b == 0
        default: fits = a == 0 && b == 0
        }
        guard fits, Bounds.isZeroOrNormal(a), Bounds.isZeroOrNormal(b) else { throw wrong("activation constant") }
    }

    /// Without a table all channels follow one another; with one, it names a channel of theirs for each of the output's.
    private func checkConcatenation(_ operation: inout ModelOperator) throws(ModelError) {
        guard inputs.count >= (table.isEmpty ? 2 : 1) else { throw wrong("number of inputs") }
        var channels = 0
        for part in inputs {
            guard part.height == output.height, part.width == output.width else { throw wrong("height or width") }
            channels += part.channels
        }
        guard !table.isEmpty else {
            guard channels == output.channels else { throw wrong("channel count") }
            return
        }
        guard table.count == 2 * output.channels else { throw wrong("number of parameters") }
        operation.selectedChannels = (0..<output.channels).map { UInt16(table[2 * $0]) | UInt16(table[2 * $0 + 1]) << 8 }
        for channel in operation.selectedChannels where Int(channel) >= channels { throw wrong("channel that is selected") }
    }

    private func checkConvolution(_ operation: inout ModelOperator) throws(ModelError) {
        guard inputs.count == 1 || inputs.count == 2 else { throw wrong("number of inputs") }
        if inputs.count == 2 {
            try requireSameShape(inputs[1], output)
            operation.shape.residual = 1
        }
        let groups = Int(operation.shape.groups)
        guard groups >= 1, inputs[0].channels % groups == 0, output.channels % groups == 0 else { throw wrong("group count") }
        if operation.kind.isDepthwise {
            guard groups == inputs[0].channels, groups == output.channels else { throw wrong("group count of a depthwise convolution") }
        }
        try checkWindow(operation.shape, padsWithinKernel: false)
        let perOutput = WideCount(operation.shape.kernel_h) * WideCount(operation.shape.kernel_w) * (inputs[0].channels / groups)
        guard operation.kind.isFloat || perOutput <= WideCount(Bounds.largestInputsPerOutput) else {
            throw wrong("number of inputs an output")
        }
        let count = operation.kind.isFloat ? floatWeights.count : weights.count
        guard WideCount(count) == perOutput * output.channels else { throw wrong("number of weights") }
    }

    private func checkWindow(_ shape: sk_shape, padsWithinKernel: Bool) throws(ModelError) {
        for size in [shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w]
        where size < 1 || size > 1024 {
            throw wrong("window")
        }
        for pad in [shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right] where pad > 4096 { throw wrong("padding") }
        let (height, width) = (shape.dilation_h * (shape.kernel_h - 1) + 1, shape.dilation_w * (shape.kernel_w - 1) + 1)
        if padsWithinKernel {
            guard shape.pad_top < height, shape.pad_bottom < height, shape.pad_left < width, shape.pad_right < width else {
                throw wrong("padding")
            }
            guard shape.dilation_h == 1, shape.dilation_w == 1 else { throw wrong("dilation of a pool") }
        }
        let h = shape.in_h + shape.pad_top + shape.pad_bottom - height
        let w = shape.in_w + shape.pad_left + shape.pad_right - width
        guard h >= 0, w >= 0, h / shape.stride_h + 1 == shape.out_h, w / shape.stride_w + 1 == shape.out_w else {
            throw wrong("output size")
        }
    }

    private func requireInputs(_ count: Int) throws(ModelError) {
        guard inputs.count == count else { throw wrong("number of inputs") }
    }

    private func requireSameShape(_ a: TensorDescription, _ b: TensorDescription) throws(ModelError) {
        guard a.height == b.height, a.width == b.width, a.channels == b.channels else { throw wrong("shape") }
    }

    private func requireIdentityWindow(_ shape: sk_shape) throws(ModelError) {
        for size in [shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w, shape.dilation_h, shape.dilation_w, shape.groups]
        where size != 1 {
            throw wrong("window")
        }
        for pad in [shape.pad_top, shape.pad_left, shape.pad_bottom, shape.pad_right] where pad != 0 { throw wrong("padding") }
    }

    // MARK: - Parameters

    /// Which arrays an operator has, how long they are, and what their values may be.
    private func checkParameters(_ operation: inout ModelOperator) throws(ModelError) {
        let channels = output.channels
        let isConvolution = operation.kind.isConvolution
        var (w, b, m, o, second, t, fw, fb) = (0, 0, 0, 0, 0, 0, 0, 0)
        switch operation.kind {
        case .convolutionInt8, .depthwiseInt8:
            (w, b, m) = (weights.count, channels, channels)  // checkConvolution has checked the weights
            if inputs.count == 2 { second = channels }
        case .globalPoolInt8: (b, m) = (channels, channels)
        case .poolInt8:
            if operation.shape.pool_max == 0 { m = channels }
        case .multiplyInt8: m = channels
        case .addInt8: (m, second) = (channels, channels)
        case .tableInt8:
            t = table.count == 256 ? 256 : 256 * channels
            operation.shape.table_per_channel = table.count == 256 ? 0 : 1
        case .concatenate: t = table.count  // checkConcatenation has checked it
        case .quantize: (m, o) = (channels, channels)
        case .dequantize: m = channels
        case .convolutionFloat, .depthwiseFloat: (fw, fb) = (floatWeights.count, channels)
        default: break
        }
        guard weights.count == w, bias.count == b, multiplier.count == m, offsets.count == o, secondMultiplier.count == second,
            table.count == t, floatWeights.count == fw, floatBias.count == fb
        else { throw wrong("number of parameters") }

        guard sk_weights_are_symmetric(weights.baseAddress, weights.count) else { throw wrong("weight: -128, not -127 to 127") }
        guard sk_are_finite(floatWeights.baseAddress, fw), sk_are_finite(floatBias.baseAddress, fb) else {
            throw wrong("float weight or bias: not finite")
        }
        for value in bias where value > Bounds.largestBias || value < -Bounds.largestBias { throw wrong("bias: out of range") }
        let largestOfSums = Bounds.largestMultiplier(inputsPerOutput: weights.count / channels)
        if isConvolution && operation.activation == .hardSwish {
            for (channel, s) in multiplier.enumerated() {
                let factor = output.hardSwishFactor(channel)
                guard Bounds.isScale(s), Bounds.isScale(factor), s <= largestOfSums, s * 6 * factor <= largestOfSums else {
                    throw wrong("multiplier: out of range")
                }
            }
        } else {
            let largest: Float
            switch operation.kind {
            case .convolutionInt8, .depthwiseInt8: largest = largestOfSums
            case .globalPoolInt8: largest = Bounds.largestPoolMultiplier
            case .quantize, .dequantize: largest = Bounds.largestScale
            default: largest = Bounds.largestElementMultiplier
            }
            for value in multiplier where !(Bounds.isScale(value) && value <= largest) { throw wrong("multiplier: out of range") }
        }
        for value in secondMultiplier where !(Bounds.isScale(value) && value <= Bounds.largestElementMultiplier) {
            throw wrong("second multiplier: out of range")
        }
        if operation.kind == .quantize {
            for value in offsets where !Bounds.isOffset(value) { throw wrong("offset: out of range") }
        }
    }
}
