import SwiftletRuntime

/// A built-in network of the MobileNetV3 family: its layer table, without weights. `walk` goes through its operators in order.
///
/// Pictures are square with three channels.
package struct Architecture: Sendable {
    package let name: String
    package let family: ArchitectureFamily
    /// Height and width of the picture.
    package var inputSize = 224
    /// Channels after the first convolution, 3x3 with stride 2.
    package let stem: Int
    package let stemActivation: LayerActivation
    package let blocks: [Block]
    /// Channels of the 1x1 convolution before global pooling.
    package let lastWidth: Int
    /// Channels of the layer between global pooling and the classifier; nil where there is none.
    package let penultimateWidth: Int?
    package var classes = 1000
    /// Padding follows from the size, the odd position after: see `padding`.
    package var padsToSize: Bool

    init(
        name: String, family: ArchitectureFamily, stem: Int, stemActivation: LayerActivation, blocks: [Block], lastWidth: Int,
        penultimateWidth: Int?
    ) {
        self.name = name
        self.family = family
        self.stem = stem
        self.stemActivation = stemActivation
        self.blocks = blocks
        self.lastWidth = lastWidth
        self.penultimateWidth = penultimateWidth
        padsToSize = family == .efficientNetLite
    }

    /// Padding before and after along one axis. TensorFlow's SAME, which EfficientNet-Lite keeps, depends on the size and puts the odd
    /// position after; the others pad (kernel - 1) / 2 on both sides.
    func padding(size: Int, kernel: Int, stride: Int) -> (before: Int, after: Int) {
        guard padsToSize else { return ((kernel - 1) / 2, (kernel - 1) / 2) }
        let outputs = (size + stride - 1) / stride
        let total = max((outputs - 1) * stride + kernel - size, 0)
        return (total / 2, total - total / 2)
    }

    /// An inverted residual: [1x1 expansion,] depthwise, [squeeze-and-excite,] 1x1 projection without activation [plus the block's input].
    package struct Block: Sendable {
        package var kernel: Int
        package var inputs: Int
        /// Channels of the depthwise convolution.
        package var expansion: Int
        package var outputs: Int
        package var stride: Int
        /// Channels between squeeze and excite; nil where the block has no squeeze-and-excite.
        package var squeezed: Int?
        /// Of the expansion and the depthwise convolution.
        package var activation: LayerActivation
        package var hasExpansion: Bool

        package var hasShortcut: Bool { stride == 1 && inputs == outputs }
    }
}

/// Who published the layers, and hence what their tables do not say: names, padding, constants.
package enum ArchitectureFamily: Sendable {
    /// PaddleClas' MobileNetV3 (ppcls/arch/backbone/legendary_models/mobilenet_v3.py).
    case paddleClas
    /// torchvision's MobileNetV3 (torchvision/models/mobilenetv3.py).
    case torchvision
    /// torchvision's MobileNetV2 (torchvision/models/mobilenetv2.py).
    case mobileNetV2
    /// EfficientNet-Lite, as the PyPI package efficientnet-lite-pytorch has it.
    case efficientNetLite

    /// Epsilon of batch normalization.
    package var normEpsilon: Float { self == .paddleClas || self == .mobileNetV2 ? 1e-5 : 1e-3 }

    /// The gate of squeeze-and-excite. PaddleClas' slope is not the 1/6 of the MobileNetV3 paper.
    var gate: LayerActivation { .hardSigmoid(slope: self == .paddleClas ? 0.2 : 1.0 / 6.0, offset: 0.5) }

    /// Whether the layer before the classifier has a bias. Where it exists it never has batch normalization.
    var penultimateHasBias: Bool { self == .torchvision }

    /// By what inference multiplies the classifier's input: PaddleClas' dropout (p = 0.2) works in the mode `downscale_in_infer`.
    var classifierInputScale: Float { self == .paddleClas ? 0.8 : 1 }

    /// How pictures are prepared for the family's published weights. PaddleClas and torchvision differ in the resampling alone.
    package var preprocessing: Preprocessing {
        switch self {
        case .paddleClas: Preprocessing(interpolation: .opencvBilinear)
        case .torchvision, .mobileNetV2: Preprocessing(interpolation: .pillowBilinear)
        case .efficientNetLite:
            Preprocessing(interpolation: .pillowBilinear, mean: [127, 127, 127], std: [128, 128, 128])
        }
    }
}
