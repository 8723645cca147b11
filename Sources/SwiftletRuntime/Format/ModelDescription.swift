// The vocabulary of a lowered model: what ModelBuilder writes and ModelReader reads. README.md beside this file has the byte layout.

/// Element type of an activation.
package enum ElementType: UInt8, Sendable {
    case int8 = 0
    case float32 = 1

    /// In bytes.
    package var size: Int { self == .int8 ? 1 : 4 }
}

/// Lowered operators. The numbers are the file's and those of `CKernels.h` (`sk_operator`); what else is to be known of each is in
/// Operators/.
package enum OperatorKind: UInt8, CaseIterable, Sendable {
    case convolutionInt8 = 0
    case depthwiseInt8 = 1
    case globalPoolInt8 = 2
    case poolInt8 = 3
    case multiplyInt8 = 4
    case addInt8 = 5
    case tableInt8 = 6
    case quantize = 7
    case dequantize = 8
    case concatenate = 9
    case resample = 10
    case convolutionFloat = 16
    case depthwiseFloat = 17
    case globalPoolFloat = 18
    case poolFloat = 19
    case multiplyFloat = 20
    case addFloat = 21
    case activationFloat = 22
}

/// As `sk_activation`: linear in an int8 operator stands for ReLU, ReLU6 and hard-sigmoid too, whose clamp is the output grid's end.
package enum LoweredActivation: UInt8, Sendable {
    case linear = 0
    case hardSwish = 1
    case relu = 2
    case clip = 3
    case hardSigmoid = 4
    case sigmoid = 5
    case swish = 6
    case leakyRelu = 7
    case elu = 8
    case tanh = 9
    case softplus = 10
    case mish = 11
    case gelu = 12
    case geluTanh = 13
    case thresholdedRelu = 14
}

/// One of a model's results.
package struct OutputDescription: Sendable {
    package var name: String
    /// Tensor number of a vector or a map, which an operator writes.
    package var tensor: Int
    /// Other than `none` for vectors alone.
    package var head: OutputHead

    package init(name: String, tensor: Int, head: OutputHead = .none) {
        (self.name, self.tensor, self.head) = (name, tensor, head)
    }
}

/// The window of a convolution or pool, in positions.
package struct LoweredWindow: Sendable {
    package var kernelHeight: Int32 = 1
    package var kernelWidth: Int32 = 1
    package var strideHeight: Int32 = 1
    package var strideWidth: Int32 = 1
    package var dilationHeight: Int32 = 1
    package var dilationWidth: Int32 = 1
    package var padTop: Int32 = 0
    package var padLeft: Int32 = 0
    package var padBottom: Int32 = 0
    package var padRight: Int32 = 0

    package init() {}

    /// A square kernel with the same stride and padding on all sides.
    package init(kernel: Int, stride: Int, padding: Int) {
        kernelHeight = Int32(kernel)
        kernelWidth = Int32(kernel)
        strideHeight = Int32(stride)
        strideWidth = Int32(stride)
        padTop = Int32(padding)
        padLeft = Int32(padding)
        padBottom = Int32(padding)
        padRight = Int32(padding)
    }
}

/// One operator with its parameters in canonical order (see `sk_params` in CKernels.h for every array's shape and meaning).
package struct OperatorDescription: Sendable {
    package var kind: OperatorKind
    package var name: String
    /// Tensor numbers. Convolution: [x] or [x, residual]; multiply and add: [x, y]; concatenate: two or more, or one and
    /// more with a table.
    package var inputs: [Int]
    package var output: Int
    package var window = LoweredWindow()
    package var groups = 1
    package var activation = LoweredActivation.linear
    /// clip: low, high; hard-sigmoid: slope, offset; leaky ReLU: slope; ELU: scale; thresholded ReLU: threshold
    package var activationA: Float = 0
    package var activationB: Float = 0
    package var isMaxPool = false
    package var poolCountsPadding = false

    /// int8: [out][kh][kw][in / groups]
    package var weights: [Int8] = []
    /// int8: [out], includes -Σ weight * zero point of the input
    package var bias: [Int32] = []
    /// int8: [out] (m, hard-swish: s); dequantize: scale; quantize: 1 / scale
    package var multiplier: [Float] = []
    /// quantize: [channels] the zero point as a float, which may be fractional
    package var offsets: [Float] = []
    /// int8 residual and add: [out]
    package var secondMultiplier: [Float] = []
    /// int8 table: [256] or [channels][256]; concatenate: none, or by output channel the channel of the joined inputs that it is; resample:
    /// by output row the input's row, then by output column the input's. The latter two as 16-bit little-endian numbers: [count][2]
    package var table: [UInt8] = []
    /// float: [out][kh][kw][in / groups]
    package var floatWeights: [Float] = []
    /// float: [out]
    package var floatBias: [Float] = []

    package init(kind: OperatorKind, name: String, inputs: [Int], output: Int) {
        self.kind = kind
        self.name = name
        self.inputs = inputs
        self.output = output
    }
}

/// An activation: its shape and, for int8, its grid: x = (q - zero[c]) * scale[c]. One pair stands for all channels, or a pair a channel.
package struct TensorDescription: Sendable {
    package var name: String
    package var type: ElementType
    package var height: Int
    package var width: Int
    package var channels: Int
    package var scales: [Float]
    package var zeros: [Int8]

    /// Values of one picture.
    package var valueCount: WideCount { WideCount(height) * width * channels }
    /// Bytes of one picture's values.
    package var byteCount: WideCount { valueCount * type.size }

    package init(name: String, type: ElementType, height: Int, width: Int, channels: Int, scales: [Float] = [], zeros: [Int8] = []) {
        self.name = name
        self.type = type
        self.height = height
        self.width = width
        self.channels = channels
        self.scales = scales
        self.zeros = zeros
    }

    package func scale(_ channel: Int) -> Float { scales[scales.count == 1 ? 0 : channel] }
    package func zero(_ channel: Int) -> Int { Int(zeros[zeros.count == 1 ? 0 : channel]) }

    /// One position.
    package var isVector: Bool { height == 1 && width == 1 }

    /// k of an int8 hard-swish with this output, in single precision.
    package func hardSwishFactor(_ channel: Int) -> Float {
        TensorDescription.hardSwishFactor(scale: scale(channel))
    }

    package static func hardSwishFactor(scale: Float) -> Float {
        1 / (6 * scale)
    }
}
