import SwiftletRuntime

/// A model of one operator, told by its fields: each may be at an extreme of the format, or beyond. Between the model's input and the
/// operator stands nothing, after it a global pool where it does not give a vector. The same numbers on every machine.
package struct OperatorCase {
    /// What an array of parameters is filled with.
    package enum Fill: Sendable {
        case random
        case lowest
        case highest
        case alternating
    }

    package var name: String
    package var kind: OperatorKind
    package var height = 6
    package var width = 5
    package var channels = 16
    /// The output channels of a convolution with groups == 1, or of a grouped one.
    package var outputs = 16
    package var window = LoweredWindow()
    package var groups = 1
    package var activation = LoweredActivation.linear
    package var activationA: Float = 0
    package var activationB: Float = 0
    /// The operator's input is added too; it must have the output's shape.
    package var hasResidual = false
    /// The second input of a multiplication or float addition is a vector.
    package var hasGate = false
    package var isMaxPool = false
    package var poolCountsPadding = false
    package var tableIsPerChannel = true
    /// A concatenation that takes its inputs' channels in another order, `firstSelected` first where it is given. Of a
    /// resampling, the first row.
    package var selects = false
    package var firstSelected: UInt16?

    package var weights = Fill.random
    /// -127 where the lowest that is allowed is meant.
    package var lowestWeight: Int8 = -127
    package var table = Fill.random
    package var bias: Int32?
    package var multiplier: Float?
    package var secondMultiplier: Float?
    /// The offset of the operation `quantize`.
    package var offset: Float?
    package var floatWeight: Float?
    package var inputScale: Float = 0.02
    package var outputScale: Float = 0.02
    /// Nil: a random one a channel.
    package var inputZero: Int8?
    package var outputZero: Int8?
    /// The offset of a model's int8 input, in place of its zero points.
    package var inputOffset: Float?
    /// How many outputs give the operator's map beside the vector, each under a name of its own or all under `mapName`.
    package var maps = 0
    package var mapName: String?
    package var mapHead = OutputHead.none
    package var seed: UInt64 = 1

    package init(_ name: String, _ kind: OperatorKind) {
        self.name = name
        self.kind = kind
    }

    /// A depthwise convolution has as many groups and outputs as channels.
    package var isDepthwise: Bool { kind.isDepthwise }
    package var isConvolution: Bool { kind.isConvolution }
    package var takesFloat: Bool { kind.traits.from == .float32 }
    package var givesFloat: Bool { kind.traits.to == .float32 }

    package var actualGroups: Int { isDepthwise ? channels : groups }
    package var outputChannels: Int {
        switch kind {
        case .convolutionInt8, .convolutionFloat: outputs
        case .concatenate: 3 * channels
        default: channels
        }
    }

    /// Height and width of the output; below 1 where the window does not fit.
    package var outputSize: (height: Int, width: Int) {
        if kind == .globalPoolInt8 || kind == .globalPoolFloat { return (1, 1) }
        if kind == .resample { return (height + 1, width + 2) }
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
