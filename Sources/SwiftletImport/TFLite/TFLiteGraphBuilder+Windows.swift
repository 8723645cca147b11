import SwiftletGraph

/// Convolutions, poolings, and products with matrices.
extension TFLiteGraphBuilder {
    mutating func window(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID? {
        switch step.kind {
        case "CONV_2D": return try convolution(step, .convolution)
        case "DEPTHWISE_CONV_2D": return try convolution(step, .depthwise)
        case "FULLY_CONNECTED": return try fullyConnected(step)
        case "AVERAGE_POOL_2D": return try pool(step, .average)
        case "MAX_POOL_2D": return try pool(step, .max)
        case "PAD", "PADV2": return try pad(step)
        case "RESIZE_BILINEAR": return try resize(step, isLinear: true)
        case "RESIZE_NEAREST_NEIGHBOR": return try resize(step, isLinear: false)
        default: return nil
        }
    }

    /// SAME is ONNX's SAME_UPPER: an odd pad goes to the end.
    private func padding(_ step: TFLiteOperator) throws(TFLiteProblem) -> AutomaticPadding {
        switch try step.choice(0) {
        case 0: return .sameUpper
        case 1: return .valid
        case let number: throw .malformed("its padding is number \(number)")
        }
    }

    // MARK: Convolutions

    private mutating func convolution(_ step: TFLiteOperator, _ form: TFLiteWeights.Form) throws(TFLiteProblem) -> ValueID {
        let isDepthwise = form == .depthwise
        var window = Window()
        (window.strideWidth, window.strideHeight) = (try step.integer(1), try step.integer(2))
        window.dilationWidth = try step.integer(isDepthwise ? 5 : 4, default: 1)
        window.dilationHeight = try step.integer(isDepthwise ? 6 : 5, default: 1)
        guard window.isPlausible else { throw .malformed("a stride or dilation is out of range") }
        let channels = try declaredShape(step.input(0)).last ?? 0
        let perGroup = isDepthwise ? 1 : try declaredShape(step.input(1)).last ?? 0
        guard channels > 0, perGroup > 0, channels % perGroup == 0 else {
            throw .malformed("weights for \(perGroup) channels do not fit a map of \(channels)")
        }
        let attributes = ConvAttributes(
            window: window, takesKernelFromWeights: true, padding: try padding(step), groups: channels / perGroup)
        return try convolution(step, attributes, form, activation(step, isDepthwise ? 4 : 3))
    }

    private mutating func convolution(
        _ step: TFLiteOperator, _ attributes: ConvAttributes, _ form: TFLiteWeights.Form, _ activation: Activation?
    ) throws(TFLiteProblem) -> ValueID {
        var inputs = [channelsFirst(try input(step, 0), step.name), try weights(step, form)]
        if let bias = try bias(step) { inputs.append(bias) }
        return channelsLast(step, add(step, .conv(attributes), inputs, then: activation))
    }

    /// Of rows, one a picture; or, where all axes are kept, of every position of a map.
    private mutating func fullyConnected(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        guard try step.choice(1) == 0 else { throw .unsupported("shuffled weights") }
        let activation = try activation(step, 0)
        let shape = try declaredShape(step.input(0))
        if try step.flag(2), shape.count == 4 {
            return try convolution(step, ConvAttributes(window: Window()), .pointwise, activation)
        }
        var x = try input(step, 0)
        if shape.count > 2 {
            let columns = try declaredShape(step.input(1)).last ?? 0
            x = add(step, .reshape(allowsZero: true), [x, vector([-1, columns])], "/rows")
        }
        var inputs = [x, try input(step, 1)]
        if let bias = try bias(step) { inputs.append(bias) }
        return add(step, .gemm(GemmAttributes(transposesB: true)), inputs, then: activation)
    }

    // MARK: Poolings

    private mutating func pool(_ step: TFLiteOperator, _ kind: Pool.Kind) throws(TFLiteProblem) -> ValueID {
        var window = Window()
        (window.strideWidth, window.strideHeight) = (try step.integer(1), try step.integer(2))
        (window.kernelWidth, window.kernelHeight) = (try step.integer(3), try step.integer(4))
        guard window.isPlausible else { throw .malformed("a kernel or stride is out of range") }
        let attributes = PoolAttributes(kind: kind, window: window, padding: try padding(step))
        let x = channelsFirst(try input(step, 0), step.name)
        return channelsLast(step, add(step, .windowedPool(attributes), [x], then: try activation(step, 5)))
    }

    // MARK: Padding and size

    /// The amounts come as [before, after] for each axis.
    private mutating func pad(_ step: TFLiteOperator) throws(TFLiteProblem) -> ValueID {
        let amounts = try integers(step, 1, "its padding")
        let axes = amounts.indices.filter { $0 % 2 == 0 }
        guard amounts.count % 2 == 0 else { throw .malformed("its padding is not two numbers an axis") }
        var inputs = [try input(step, 0), vector(axes.map { amounts[$0] } + axes.map { amounts[$0 + 1] })]
        if let value = try optionalInput(step, 2) { inputs.append(value) }
        return add(step, .pad, inputs)
    }

    private mutating func resize(_ step: TFLiteOperator, isLinear: Bool) throws(TFLiteProblem) -> ValueID {
        let size = try integers(step, 1, "its size")
        let channels = try declaredShape(step.input(0)).last ?? 0
        guard size.count == 2, channels > 0 else { throw .malformed("its size is not a height and a width") }
        let leftOut = vector([])
        let inputs = [channelsFirst(try input(step, 0), step.name), leftOut, leftOut, vector([1, channels] + size)]
        return channelsLast(step, add(step, .resize(ResizeAttributes(isLinear: isLinear, hasRegion: true)), inputs))
    }
}
