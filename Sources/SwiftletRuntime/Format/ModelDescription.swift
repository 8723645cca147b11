// The vocabulary of a lowered model: what ModelBuilder writes and ModelReader reads. README.md beside this file has the byte layout.

/// Element type of an activation.
public enum ElementType: UInt8, Sendable {
    case int8 = 0
    case float32 = 1

    /// In bytes.
    public var size: Int { self == .int8 ? 1 : 4 }
}

/// Lowered operators. The numbers are the file's; those of `CKernels.h` are the same (`sk_operator`), so that neither needs a table.
/// Copy (concatenation's parts) is the runtime's own.
public enum OperatorKind: UInt8, Sendable {
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
    case convolutionFloat = 16
    case depthwiseFloat = 17
    case globalPoolFloat = 18
    case poolFloat = 19
    case multiplyFloat = 20
    case addFloat = 21
    case activationFloat = 22

    public var isFloat: Bool { rawValue >= 16 }
    public var isConvolution: Bool {
        self == .convolutionInt8 || self == .depthwiseInt8 || self == .convolutionFloat || self == .depthwiseFloat
    }
    var isPool: Bool { self == .poolInt8 || self == .poolFloat }
    var isDepthwise: Bool { self == .depthwiseInt8 || self == .depthwiseFloat }
}

/// As `sk_activation`: linear in an int8 operator stands for ReLU, ReLU6 and hard-sigmoid too, whose clamp is the output grid's end.
public enum LoweredActivation: UInt8, Sendable {
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

/// The window of a convolution or pool, in positions.
public struct LoweredWindow: Sendable {
    public var kernelHeight: Int32 = 1
    public var kernelWidth: Int32 = 1
    public var strideHeight: Int32 = 1
    public var strideWidth: Int32 = 1
    public var dilationHeight: Int32 = 1
    public var dilationWidth: Int32 = 1
    public var padTop: Int32 = 0
    public var padLeft: Int32 = 0
    public var padBottom: Int32 = 0
    public var padRight: Int32 = 0

    public init() {}

    /// A square kernel with the same stride and padding on all sides.
    public init(kernel: Int, stride: Int, padding: Int) {
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
public struct OperatorDescription: Sendable {
    public var kind: OperatorKind
    public var name: String
    /// Tensor numbers. Convolution: [x] or [x, residual]; multiply and add: [x, y]; concatenate: two or more, or one and
    /// more with a table.
    public var inputs: [Int]
    public var output: Int
    public var window = LoweredWindow()
    public var groups = 1
    public var activation = LoweredActivation.linear
    /// clip: low, high; hard-sigmoid: slope, offset; leaky ReLU: slope; ELU: scale; thresholded ReLU: threshold
    public var activationA: Float = 0
    public var activationB: Float = 0
    public var isMaxPool = false
    public var poolCountsPadding = false

    /// int8: [out][kh][kw][in / groups]
    public var weights: [Int8] = []
    /// int8: [out], includes -Σ weight * zero point of the input
    public var bias: [Int32] = []
    /// int8: [out] (m, hard-swish: s); dequantize: scale; quantize: 1 / scale
    public var multiplier: [Float] = []
    /// int8 hard-swish: [out] k, `hardSwishFactor` of the output tensor (not in the file, where it would be a twentieth of it); quantize:
    /// the zero point as a float, which may be fractional
    public var outFactor: [Float] = []
    /// int8 residual and add: [out]
    public var secondMultiplier: [Float] = []
    /// int8 table: [256] or [channels][256]; concatenate: none, or by output channel the channel of the joined inputs that it is, as 16-bit
    /// little-endian numbers: [channels][2]
    public var table: [UInt8] = []
    /// float: [out][kh][kw][in / groups]
    public var floatWeights: [Float] = []
    /// float: [out]
    public var floatBias: [Float] = []

    public init(kind: OperatorKind, name: String, inputs: [Int], output: Int) {
        self.kind = kind
        self.name = name
        self.inputs = inputs
        self.output = output
    }
}

/// An activation: its shape and, for int8, its grid: x = (q - zero[c]) * scale[c]. One pair stands for all channels, or a pair a channel.
public struct TensorDescription: Sendable {
    public var name: String
    public var type: ElementType
    public var height: Int
    public var width: Int
    public var channels: Int
    public var scales: [Float]
    public var zeros: [Int8]

    /// Values of one picture.
    public var valueCount: WideCount { WideCount(height) * width * channels }
    /// Bytes of one picture's values.
    public var byteCount: WideCount { valueCount * type.size }

    public init(name: String, type: ElementType, height: Int, width: Int, channels: Int, scales: [Float] = [], zeros: [Int8] = []) {
        self.name = name
        self.type = type
        self.height = height
        self.width = width
        self.channels = channels
        self.scales = scales
        self.zeros = zeros
    }

    public func scale(_ channel: Int) -> Float { scales[scales.count == 1 ? 0 : channel] }
    public func zero(_ channel: Int) -> Int { Int(zeros[zeros.count == 1 ? 0 : channel]) }

    /// k of an int8 hard-swish with this output: 1 / (6 scale), in single precision.
    public func hardSwishFactor(_ channel: Int) -> Float {
        1 / (6 * scale(channel))
    }
}
