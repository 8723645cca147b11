import SwiftletGraph

/// Operators with windows, products and normalization.
extension PaddleGraphBuilder {
    mutating func windowOrProduct(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID? {
        switch step.type {
        case "conv2d", "depthwise_conv2d": return try convolution(step)
        case "pool2d": return try pool(step)
        case "batch_norm", "sync_batch_norm": return try batchNormalization(step)
        case "matmul_v2", "matmul": return try product(step)
        case "mul":
            guard step.integer("x_num_col_dims", default: 1) == 1, step.integer("y_num_col_dims", default: 1) == 1 else {
                throw .unsupported("it multiplies other than rows by a matrix")
            }
            let rows = add(step, .flatten(axis: 1), [try input(step, "X")])
            return add(step, .matMul, [rows, try input(step, "Y")])
        case "pad2d":
            let pads = step.integers("paddings") ?? []
            guard step.string("mode", default: "constant") == "constant", pads.count == 4 else {
                throw .unsupported("a padding of this mode")
            }
            let amounts = graph.addConstant(Constant(integers: [0, 0, pads[0], pads[2], 0, 0, pads[1], pads[3]]))
            let value = graph.addConstant(Constant(step.float("pad_value", default: 0)))
            return add(step, .pad, [try input(step, "X"), amounts, value])
        default: return nil
        }
    }

    private mutating func convolution(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        try checkLayout(step)
        let attributes = ConvAttributes(
            window: try window(step), takesKernelFromWeights: true, padding: try automaticPadding(step),
            groups: step.integer("groups", default: 1))
        var inputs = [try input(step, "Input"), try input(step, "Filter")]
        if let bias = try optionalInput(step, "Bias") { inputs.append(bias) }
        return add(step, .conv(attributes), inputs)
    }

    private mutating func pool(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        try checkLayout(step)
        let x = try input(step, "X")
        let isMaximum = step.string("pooling_type", default: "max") == "max"
        let size = try integers(step, "Ksize") ?? step.integers("ksize") ?? []
        let isAdaptive = step.flag("adaptive", default: false)
        if step.flag("global_pooling", default: false) || (isAdaptive && size.allSatisfy { $0 == 1 }) {
            guard isMaximum else { return add(step, .globalAveragePool, [x]) }
            return add(step, .reduce(.maximum, keepsDimensions: true), [x, graph.addConstant(Constant(integers: [2, 3]))])
        }
        guard !isAdaptive else { throw .unsupported("adaptive pooling to \(size.prefix(2)): only to 1x1") }
        guard size.count == 2 else { throw .malformed("its window has \(size.count) sides") }
        let attributes = PoolAttributes(
            kind: isMaximum ? .max : .average, window: try window(step, kernel: (size[0], size[1])), padding: try automaticPadding(step),
            roundsUp: step.flag("ceil_mode", default: false), countsPadding: !step.flag("exclusive", default: true))
        return add(step, .windowedPool(attributes), [x])
    }

    private mutating func batchNormalization(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        try checkLayout(step)
        let isInference = step.flag("is_test", default: false) || step.flag("use_global_stats", default: false)
        guard isInference, !step.flag("trainable_statistics", default: false) else {
            throw .unsupported("the model was exported in training mode: export it in evaluation mode")
        }
        var inputs: [ValueID] = []
        for slot in ["X", "Scale", "Bias", "Mean", "Variance"] { inputs.append(try input(step, slot)) }
        return add(step, .batchNormalization(epsilon: step.float("epsilon", default: 1e-5)), inputs)
    }

    private mutating func product(_ step: PaddleOperator) throws(PaddleProblem) -> ValueID {
        let inputs = [try input(step, "X"), try input(step, "Y")]
        let attributes = GemmAttributes(
            alpha: step.float("alpha", default: 1), transposesA: step.flag("trans_x", "transpose_X", "transpose_x", default: false),
            transposesB: step.flag("trans_y", "transpose_Y", "transpose_y", default: false))
        let isPlain = attributes.alpha == 1 && !attributes.transposesA && !attributes.transposesB
        return add(step, isPlain ? .matMul : .gemm(attributes), inputs)
    }

    // MARK: Windows

    private func checkLayout(_ step: PaddleOperator) throws(PaddleProblem) {
        let layout = step.string("data_format", "data_layout", default: "NCHW")
        guard ["NCHW", "AnyLayout"].contains(layout) else { throw .unsupported("the layout \(layout)") }
    }

    /// strides, dilations, and paddings: height and width, or top, bottom, left, right.
    private func window(_ step: PaddleOperator, kernel: (height: Int, width: Int) = (1, 1)) throws(PaddleProblem) -> Window {
        let strides = step.integers("strides") ?? [1, 1]
        let dilations = step.integers("dilations") ?? [1, 1]
        let pads = step.integers("paddings") ?? [0, 0]
        guard strides.count == 2, dilations.count == 2, [2, 4].contains(pads.count) else {
            throw .malformed("strides, dilations or paddings do not fit a window of 2 dimensions")
        }
        var window = Window()
        (window.kernelHeight, window.kernelWidth) = kernel
        (window.strideHeight, window.strideWidth) = (strides[0], strides[1])
        (window.dilationHeight, window.dilationWidth) = (dilations[0], dilations[1])
        let isPair = pads.count == 2
        (window.padTop, window.padBottom) = (pads[0], pads[isPair ? 0 : 1])
        (window.padLeft, window.padRight) = (pads[isPair ? 1 : 2], pads[isPair ? 1 : 3])
        guard window.isPlausible else { throw .malformed("a kernel, stride, dilation or padding is out of range") }
        return window
    }

    private func automaticPadding(_ step: PaddleOperator) throws(PaddleProblem) -> AutomaticPadding {
        switch step.string("padding_algorithm", default: "EXPLICIT") {
        case "EXPLICIT": return .explicit
        case "VALID": return .valid
        case "SAME":
            guard step.integers("dilations") ?? [1, 1] == [1, 1] else { throw .unsupported("SAME padding with a dilation") }
            return .sameUpper
        case let other: throw .malformed("padding_algorithm is '\(other)'")
        }
    }
}
