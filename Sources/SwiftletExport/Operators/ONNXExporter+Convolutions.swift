import SwiftletImport
import SwiftletRuntime

extension ONNXExporter {
    mutating func floatConvolution(_ operation: OperatorDescription) -> String {
        let (window, name) = (operation.window, name(operation))
        let shape = weightShape(operation)
        let weights = graph.floats(channelsFirst(operation.floatWeights, shape), shape, name: "\(name)/weights")
        let bias = graph.floats(operation.floatBias, [operation.floatBias.count], name: "\(name)/bias")
        let isAdded = operation.inputs.count > 1
        var result = graph.node(
            "Conv", [value(operation.inputs[0]), weights, bias], name: isAdded ? "\(name)/convolution" : linearName(operation),
            attributes(window, operation.groups))
        if isAdded { result = graph.node("Add", [result, value(operation.inputs[1])], name: linearName(operation)) }
        return activated(result, operation)
    }

    /// Exact: a convolution of integers, whose sums float32 holds, and the multipliers after it. Products with them that are rounded one by
    /// one would move one value in some thousands to another step.
    mutating func int8Convolution(_ operation: OperatorDescription) throws -> String {
        let (output, name) = (tensor(operation.output), name(operation))
        let (input, zeros) = convolutionInput(operation)
        let scales = options.isFused ? operation.multiplier : [Float](repeating: 1, count: output.channels)
        var result = graph.node(
            "Conv", [input, int8Weights(operation, scales: scales), try int32Bias(operation, zeros: zeros, scales: scales)],
            name: "\(name)/convolution", attributes(operation.window, operation.groups))
        if !options.isFused {
            // A wall: some runtimes multiply weights by the factors that follow a convolution.
            let integers = graph.node("Round", [result], name: "\(name)/convolution")
            result = scaled(integers, by: operation.multiplier, name: "\(name)/convolution")
        }
        if operation.inputs.count > 1 {
            let residual = addend(operation.inputs[1], times: operation.secondMultiplier, name: "\(name)/residual")
            result = graph.node("Add", [result, residual], name: "\(name)/sum")
        }
        if operation.activation == .hardSwish { result = hardSwish(result, to: output, name: "\(name)/hard_swish") }
        return quantized(result, to: output, name: name)
    }

    /// In steps of the output, what the kernels compute: (x * min(max(x + 3, 0), 6)) * k. Of x that is clipped first the sum is the same,
    /// but no runtime takes it for a hard-swish of its own, whose roundings differ.
    private mutating func hardSwish(_ x: String, to output: TensorDescription, name: String) -> String {
        let clipped = graph.node("Clip", [x, graph.scalar(-3), graph.scalar(3)], name: "\(name)/clip")
        let gate = graph.node("Add", [clipped, graph.scalar(3)], name: "\(name)/gate")
        let product = graph.node("Mul", [x, gate], name: "\(name)/product")
        return scaled(product, by: (0..<output.channels).map(output.hardSwishFactor), name: name)
    }

    /// What the convolution reads, and the zero points that are taken away from it, by channel. Where there is no padding any will do, and
    /// the bias makes up for it; a padded position is 0, so that there they must be the channels' own.
    private mutating func convolutionInput(_ operation: OperatorDescription) -> (value: String, zeros: [Int]) {
        let (number, name) = (operation.inputs[0], name(operation))
        let input = tensor(number)
        if let zero = input.commonZero ?? (operation.window.isPadded ? nil : 0) {
            return (dequantized(number, zero: zero, name: "\(name)/input"), [Int](repeating: zero, count: input.channels))
        }
        return (steps(number, name: "\(name)/input"), (0..<input.channels).map(input.zero))
    }

    /// Weights on a grid an output channel. As uint8 their products with uint8 activations do not saturate in 16 bits on x86 processors
    /// without VNNI, as those of int8 do in other runtimes' kernels.
    private mutating func int8Weights(_ operation: OperatorDescription, scales: [Float]) -> String {
        let name = "\(name(operation))/weights"
        let shape = weightShape(operation)
        let isSigned = options.signedWeights
        let integers = channelsFirst(operation.weights, shape).map { isSigned ? UInt8(bitPattern: $0) : UInt8(Int($0) + 128) }
        let type: ElementCode = isSigned ? .int8 : .uint8
        let weights = graph.bytes(integers, shape, type, name: "\(name)/integers")
        let zero: UInt8 = isSigned ? 0 : 128
        let scale = graph.floats(scales, [shape[0]], name: "\(name)/scale")
        let zeros = graph.bytes([UInt8](repeating: zero, count: shape[0]), [shape[0]], type, name: "\(name)/zero_point")
        return graph.node("DequantizeLinear", [weights, scale, zeros], name: name, [.int("axis", 0)])
    }

    /// The .slet's bias makes up for zero points, which here are taken away before the convolution.
    /// - Parameters:
    ///   - zeros: those that are, by input channel.
    ///   - scales: the weights'.
    private mutating func int32Bias(_ operation: OperatorDescription, zeros: [Int], scales: [Float]) throws -> String {
        let name = "\(name(operation))/bias"
        let outputs = operation.bias.count
        let (perOutput, channels) = (operation.weights.count / outputs, zeros.count / operation.groups)
        let bias = try (0..<outputs).map { o in
            let first = o / (outputs / operation.groups) * channels
            let sum = (0..<perOutput).reduce(Int(operation.bias[o])) { sum, k in
                sum + Int(operation.weights[o * perOutput + k]) * zeros[first + k % channels]
            }
            guard let value = Int32(exactly: sum) else { throw ExportError(operation: operation.name, "its bias does not fit in 32 bits") }
            return value
        }
        let integers = graph.int32s(bias, [outputs], name: "\(name)/integers")
        let scale = graph.floats(scales, [outputs], name: "\(name)/scale")
        return graph.node("DequantizeLinear", [integers, scale], name: name, [.int("axis", 0)])
    }

    private func attributes(_ window: LoweredWindow, _ groups: Int) -> [ONNX_AttributeProto] {
        window.attributes + [.ints("dilations", [window.dilationHeight, window.dilationWidth]), .int("group", groups)]
    }

    /// [outputs][inputs / groups][kernel height][kernel width]
    private func weightShape(_ operation: OperatorDescription) -> [Int] {
        [
            tensor(operation.output).channels, tensor(operation.inputs[0]).channels / operation.groups, Int(operation.window.kernelHeight),
            Int(operation.window.kernelWidth),
        ]
    }

    /// A .slet's weights, [outputs][kernel][inputs / groups], in ONNX's order, [outputs][inputs / groups][kernel].
    private func channelsFirst<Element>(_ weights: [Element], _ shape: [Int]) -> [Element] {
        let (channels, kernel) = (shape[1], shape[2] * shape[3])
        return weights.indices.map { index in
            let (o, c, k) = (index / (channels * kernel), index / kernel % channels, index % kernel)
            return weights[(o * kernel + k) * channels + c]
        }
    }
}
