import SwiftletGraph
import SwiftletRuntime

/// One lowered operator in real values.
struct LayerLifting {
    private let operation: OperatorDescription
    private let inputs: [TensorDescription]
    private let output: TensorDescription
    /// The first input's fractional zero points, where it has some.
    private let offsets: [Float]?

    /// Multipliers and the quotients of scales that they are agree to this share; rounding leaves less than a millionth.
    private static let tolerance: Float = 1e-4

    init(_ operation: OperatorDescription, inputs: [TensorDescription], output: TensorDescription, offsets: [Float]?) {
        (self.operation, self.inputs, self.output, self.offsets) = (operation, inputs, output, offsets)
    }

    /// - Throws: `QuantizationError` where the operator has factors of its own, which no grid explains, or a table of no known function.
    func run() throws -> SwiftletGraph.Operation {
        switch operation.kind {
        case .convolutionInt8, .depthwiseInt8: return .convolution(try int8Convolution())
        case .convolutionFloat, .depthwiseFloat:
            return .convolution(convolution(weights: operation.floatWeights, bias: operation.floatBias, Activation(operation)))
        case .globalPoolInt8, .globalPoolFloat:
            let positions = Float(inputs[0].height * inputs[0].width)
            try require(operation.multiplier) { inputs[0].scale($0) / positions / output.scale($0) }
            return .globalAveragePool
        case .poolInt8, .poolFloat:
            try require(operation.multiplier) { inputs[0].scale($0) / output.scale($0) }
            let kind: Pool.Kind = operation.isMaxPool ? .max : .average
            return .pool(Pool(kind: kind, window: Window(operation.window), countsPadding: operation.poolCountsPadding))
        case .multiplyInt8, .multiplyFloat:
            try require(operation.multiplier) { inputs[0].scale($0) * inputs[1].scale($0) / output.scale($0) }
            return .multiply
        case .addInt8:
            try require(operation.multiplier) { inputs[0].scale($0) / output.scale($0) }
            try require(operation.secondMultiplier) { inputs[1].scale($0) / output.scale($0) }
            return .add(clamp)
        case .addFloat: return .add(Activation(operation))
        case .activationFloat: return .activation(Activation(operation))
        case .tableInt8:
            if let activation = TableFunction(operation, input: inputs[0], output: output).activation() { return .activation(activation) }
            throw QuantizationError(layer: operation.name, "a table of no function that is known; only per-channel int8 can hold it")
        case .concatenate: return .concatenate(selecting: operation.table.isEmpty ? nil : operation.selection.map(Int.init))
        case .resample:
            let positions = operation.selection.map(Int.init)
            return .resample(rows: Array(positions[..<output.height]), columns: Array(positions[output.height...]))
        case .quantize, .dequantize: preconditionFailure("a conversion is no layer")
        }
    }

    /// Saturation at the ends of the output's grid stands for ReLU and its like. The widest channel's ends are the activation's, where it
    /// has ends at all.
    private var clamp: Activation {
        let range = output.range!
        return .clip(low: range.low, high: range.high)
    }

    private func int8Convolution() throws -> Convolution {
        let isHardSwish = operation.activation == .hardSwish
        if inputs.count > 1 { try require(operation.secondMultiplier) { inputs[1].scale($0) / output.scale($0) } }
        let outputs = output.channels
        let perOutput = operation.weights.count / outputs
        let channels = inputs[0].channels / operation.groups
        var weights = [Float](repeating: 0, count: operation.weights.count)
        var bias = [Float](repeating: 0, count: outputs)
        for o in 0..<outputs {
            let step = operation.multiplier[o] * (isHardSwish ? 1 : output.scale(o))
            let first = o / (outputs / operation.groups) * channels
            var sum = Double(operation.bias[o])
            for k in 0..<perOutput {
                let (place, channel) = (o * perOutput + k, first + k % channels)
                weights[place] = Float(operation.weights[place]) * step / inputs[0].scale(channel)
                sum += Double(operation.weights[place]) * Double(offsets?[channel] ?? Float(inputs[0].zero(channel)))
            }
            bias[o] = Float(sum * Double(step))
        }
        return convolution(weights: weights, bias: bias, isHardSwish ? .hardSwish : clamp)
    }

    private func convolution(weights: [Float], bias: [Float], _ activation: Activation) -> Convolution {
        Convolution(window: Window(operation.window), groups: operation.groups, weights: weights, bias: bias, activation: activation)
    }

    /// - Parameters:
    ///   - multipliers: by output channel; none where the operator is in float32.
    ///   - quotient: of scales, by output channel.
    private func require(_ multipliers: [Float], are quotient: (Int) -> Float) throws {
        for (channel, value) in multipliers.enumerated() where !(abs(value / quotient(channel) - 1) <= LayerLifting.tolerance) {
            throw QuantizationError(layer: operation.name, "its multipliers are not the quotients of its tensors' scales")
        }
    }
}

extension Window {
    fileprivate init(_ window: LoweredWindow) {
        self.init()
        (kernelHeight, kernelWidth) = (Int(window.kernelHeight), Int(window.kernelWidth))
        (strideHeight, strideWidth) = (Int(window.strideHeight), Int(window.strideWidth))
        (dilationHeight, dilationWidth) = (Int(window.dilationHeight), Int(window.dilationWidth))
        (padTop, padLeft) = (Int(window.padTop), Int(window.padLeft))
        (padBottom, padRight) = (Int(window.padBottom), Int(window.padRight))
    }
}

extension Activation {
    /// A float32 operator's.
    fileprivate init(_ operation: OperatorDescription) {
        let (a, b) = (operation.activationA, operation.activationB)
        switch operation.activation {
        case .linear: self = .none
        case .relu: self = .relu
        case .clip: self = .clip(low: a, high: b)
        case .hardSwish: self = .hardSwish
        case .hardSigmoid: self = .hardSigmoid(slope: a, offset: b)
        case .sigmoid: self = .sigmoid
        case .swish: self = .swish
        case .leakyRelu: self = .leakyRelu(slope: a)
        case .elu: self = .elu(scale: a)
        case .tanh: self = .tanh
        case .softplus: self = .softplus
        case .mish: self = .mish
        case .gelu: self = .gelu
        case .geluTanh: self = .geluTanh
        case .thresholdedRelu: self = .thresholdedRelu(threshold: a)
        }
    }
}
