import SwiftletArchitectures
import SwiftletGraph
import SwiftletImport
import SwiftletRuntime

/// Where a model is from, as far as it tells how pictures are prepared there.
enum ModelProducer {
    /// Exported by PyTorch, and trained with torchvision or timm, as a rule.
    case pyTorch
    case ultralytics
    /// Exported by Keras or tf2onnx.
    case keras
    /// Exported by paddle2onnx.
    case paddle
    /// A built-in architecture, with weights of timm's where these are given.
    case architecture(ArchitectureFamily, TimmNetwork?)
    /// Another program, or none that the file names.
    case unknown

    /// - Parameter program: as the model's file names it.
    init(program: String) {
        let name = program.lowercased()
        switch true {
        case name.contains("ultralytics"): self = .ultralytics
        case name.contains("pytorch"), name.contains("torch"): self = .pyTorch
        case name.contains("tf2onnx"), name.contains("keras"), name.contains("tensorflow"): self = .keras
        case name.contains("paddle"): self = .paddle
        default: self = .unknown
        }
    }

    /// What is usual there, for a model that takes maps of this size. Sizes that are left out follow from it: the shorter side by 256 to
    /// 224, then a crop.
    /// - Parameter channels: the model's; what is usual for colors is not for other channels.
    func usual(height: Int, width: Int, channels: Int) -> PreprocessingWish {
        var usual = usual(height: height, width: width)
        if channels != 3 { (usual.mean, usual.std, usual.channels) = (nil, nil, nil) }
        return usual
    }

    private func usual(height: Int, width: Int) -> PreprocessingWish {
        let imageNet = PreprocessingWish(usual: Preprocessing())
        switch self {
        case .pyTorch:
            return PreprocessingWish(interpolation: .pillowBilinear).filled(from: imageNet)
        case .ultralytics:
            return PreprocessingWish(
                mean: [0, 0, 0], std: [255, 255, 255], resize: .side(min(height, width)), crop: .exact(height: height, width: width),
                interpolation: .pillowBilinear, channels: .rgb)
        case .keras:
            // tf.image.resize does not smooth when it reduces, as OpenCV does not.
            return PreprocessingWish(
                mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], resize: .exact(height: height, width: width),
                interpolation: .opencvBilinear, channels: .rgb)
        case .paddle, .unknown:
            return imageNet
        case .architecture(let family, nil):
            return PreprocessingWish(usual: family.preprocessing)
        case .architecture(_, let timm?):
            // TensorFlow's MobileNetV3 alone was measured with the other filter.
            let isBilinear = timm.isFromTensorFlow && timm.architecture != "efficientnet_lite0"
            var wish = PreprocessingWish(interpolation: isBilinear ? .pillowBilinear : .pillowBicubic)
            if timm.isFromTensorFlow { (wish.mean, wish.std) = ([127.5, 127.5, 127.5], [127.5, 127.5, 127.5]) }
            return wish.filled(from: imageNet)
        }
    }

    /// Why that is assumed, as the end of a sentence.
    var reason: String {
        switch self {
        case .pyTorch: "as torchvision has it, since PyTorch exported the model"
        case .ultralytics: "as Ultralytics has it, which exported the model"
        case .keras: "as Keras has it, since Keras or tf2onnx exported the model"
        case .paddle: "as PaddleClas has it, since Paddle exported the model"
        case .architecture(_, let timm?): "as timm has it for \(timm.name)"
        case .architecture(.paddleClas, nil): "as PaddleClas has it, whose architecture it is"
        case .architecture(.torchvision, nil), .architecture(.mobileNetV2, nil): "as torchvision has it, whose architecture it is"
        case .architecture(.efficientNetLite, nil): "as EfficientNet-Lite's weights have it"
        case .unknown: "as ImageNet's classifiers mostly have it, since the file does not say which program it is from"
        }
    }
}
