import SwiftletArchitectures

/// A network of timm that has the layers of a built-in architecture. Its weights are called as in `TimmNames`.
package struct TimmNetwork: Sendable, Equatable {
    package let name: String
    /// The built-in architecture's name.
    package let architecture: String
    /// TensorFlow's weights, converted: padded as there. Others are PyTorch's, trained anew.
    package var isFromTensorFlow: Bool { name.hasPrefix("tf_") }

    static let all = [
        TimmNetwork(name: "mobilenetv3_large_100", architecture: "mobilenet_v3_large"),
        TimmNetwork(name: "mobilenetv3_small_100", architecture: "mobilenet_v3_small"),
        TimmNetwork(name: "efficientnet_lite0", architecture: "efficientnet_lite0"),
        TimmNetwork(name: "tf_mobilenetv3_large_100", architecture: "mobilenet_v3_large"),
        TimmNetwork(name: "tf_mobilenetv3_small_100", architecture: "mobilenet_v3_small"),
        TimmNetwork(name: "tf_efficientnet_lite0", architecture: "efficientnet_lite0"),
    ]

    /// The network that weights of timm's names are taken for where the built-in architecture is named.
    static func usual(for architecture: Architecture) -> TimmNetwork? {
        all.first { $0.architecture == architecture.name }
    }

    /// Epsilon of batch normalization.
    var normEpsilon: Float { isFromTensorFlow ? 1e-3 : 1e-5 }

    /// The layers as timm has them.
    func adopt(_ architecture: inout Architecture) { architecture.padsToSize = isFromTensorFlow }
}
