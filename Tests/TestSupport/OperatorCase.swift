import SwiftletRuntime

/// A model of one operator, told by its fields: each may be at an extreme of the format, or beyond. Between the model's input and the
/// operator stands nothing, after it a global pool where it does not give a vector. The same numbers on every machine.
public struct OperatorCase {
    /// What an array of parameters is filled with.
    public enum Fill: Sendable {
        case random
        case lowest
        case highest
        case alternating
    }

    public var name: String
    public var kind: OperatorKind
    public var height = 6
    public var width = 5
    public var channels = 16
    /// Of a convolution with groups == 1, or a grouped one.
    public var outputs = 16
    public var window = LoweredWindow()
    public var groups = 1
    public var activation = LoweredActivation.linear
    public var activationA: Float = 0
    public var activationB: Float = 0
    /// The operator's input is added too; it must have the output's shape.
    public var hasResidual = false
    /// The second input of a multiplication or float addition is a vector.
    public var hasGate = false
    public var isMaxPool = false
    public var poolCountsPadding = false
    public var tableIsPerChannel = true
    /// A concatenation that takes its inputs' channels in another order, `firstSelected` first where it is given.
    public var selects = false
    public var firstSelected: UInt16?

    public var weights = Fill.random
    /// -127 where the lowest that is allowed is meant.
    public var lowestWeight: Int8 = -127
    public var table = Fill.random
    public var bias: Int32?
    public var multiplier: Float?
    public var secondMultiplier: Float?
    /// Of the operation `quantize`.
    public var offset: Float?
    public var floatWeight: Float?
    public var inputScale: Float = 0.02
    public var outputScale: Float = 0.02
    /// Nil: a random one a channel.
    public var inputZero: Int8?
    public var outputZero: Int8?
    /// Of a model's int8 input, in place of its zero points.
    public var inputOffset: Float?
    public var seed: UInt64 = 1

    public init(_ name: String, _ kind: OperatorKind) {
        self.name = name
        self.kind = kind
    }

    /// A depthwise convolution has as many groups and outputs as channels.
    public var isDepthwise: Bool { kind == .depthwiseInt8 || kind == .depthwiseFloat }
    public var isConvolution: Bool { isDepthwise || kind == .convolutionInt8 || kind == .convolutionFloat }
    public var takesFloat: Bool { kind.isFloat || kind == .quantize }
    public var givesFloat: Bool { kind.isFloat || kind == .dequantize }

    public var actualGroups: Int { isDepthwise ? channels : groups }
    public var outputChannels: Int {
        switch kind {
        case .convolutionInt8, .convolutionFloat: outputs
        case .concatenate: 3 * channels
        default: channels
        }
    }

    /// Height and width of the output; below 1 where the window does not fit.
    public var outputSize: (height: Int, width: Int) {
        if kind == .globalPoolInt8 || kind == .globalPoolFloat { return (1, 1) }
        let w = window
        return (
            OperatorCase.size(height, Int(w.padTop), Int(w.padBottom), Int(w.kernelHeight), Int(w.strideHeight), Int(w.dilationHeight)),
            OperatorCase.size(width, Int(w.padLeft), Int(w.padRight), Int(w.kernelWidth), Int(w.strideWidth), Int(w.dilationWidth))
        )
    }

    private static func size(_ size: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
        let rest = size + before + after - (dilation * (kernel - 1) + 1)
        return rest < 0 || stride < 1 ? 0 : rest / stride + 1
    }
}
