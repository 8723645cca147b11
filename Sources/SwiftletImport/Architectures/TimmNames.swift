import SwiftletArchitectures

/// timm's names (mobilenetv3_large_100, mobilenetv3_small_100, efficientnet_lite0) for the parameters of networks whose layers are those of
/// torchvision's MobileNetV3 and of EfficientNet-Lite: `blocks.STAGE.BLOCK.conv_pw` where torchvision has `features.7.block.0.0`.
struct TimmNames: ArchitectureVisitor {
    private let architecture: Architecture
    /// The family's name by timm's.
    private var names: [String: String] = [:]

    private init(architecture: Architecture) {
        self.architecture = architecture
    }

    /// Whether tensors are called so.
    static func areUsed(in tensors: [String: WeightTensor]) -> Bool {
        tensors["conv_stem.weight"] != nil && tensors["blocks.0.0.conv_dw.weight"] != nil
    }

    /// The tensors by the family's names. What is called otherwise keeps its name.
    static func renamed(_ tensors: [String: WeightTensor], for architecture: Architecture) -> [String: WeightTensor] {
        var visitor = TimmNames(architecture: architecture)
        architecture.walk(&visitor, input: ())
        var result: [String: WeightTensor] = [:]
        for (name, tensor) in tensors {
            // MobileNetV3's layer before the classifier is a convolution of one position there.
            let isVectors =
                architecture.penultimateWidth != nil && name == "conv_head.weight" && tensor.shape.count == 4
                && tensor.shape[2...] == [1, 1]
            let shape = isVectors ? Array(tensor.shape[..<2]) : tensor.shape
            result[visitor.names[name] ?? name] = WeightTensor(shape: shape, values: tensor.values)
        }
        return result
    }

    mutating func convolution(_ layer: ArchitectureLayer, _ x: Void, residual: Void?) {
        let (convolution, norm) = names(of: layer.role)
        let other = ParameterNames(layer, of: architecture)
        names[convolution + ".weight"] = other.weight
        if layer.hasBias { names[convolution + ".bias"] = other.bias }
        guard layer.hasBatchNorm else { return }
        names[norm + ".weight"] = other.gamma
        names[norm + ".bias"] = other.beta
        names[norm + ".running_mean"] = other.mean
        names[norm + ".running_var"] = other.variance
    }

    func globalPool(_ x: Void, name: String, channels: Int, size: Int) {}

    func multiply(_ x: Void, gate: Void, name: String, channels: Int, size: Int) {}

    private func names(of role: LayerRole) -> (convolution: String, norm: String) {
        func unit(_ block: Int, _ convolution: String, _ norm: Int) -> (String, String) {
            ("\(place(block)).\(convolution)", "\(place(block)).bn\(norm)")
        }
        switch role {
        case .stem: return ("conv_stem", "bn1")
        case .expansion(let block): return unit(block, "conv_pw", 1)
        case .depthwise(let block): return unit(block, "conv_dw", architecture.blocks[block].hasExpansion ? 2 : 1)
        case .squeeze(let block): return (place(block) + ".se.conv_reduce", "")
        case .excite(let block): return (place(block) + ".se.conv_expand", "")
        case .projection(let block):
            return architecture.blocks[block].hasExpansion ? unit(block, "conv_pwl", 3) : unit(block, "conv_pw", 2)
        case .last where architecture.family == .efficientNetLite: return ("conv_head", "bn2")
        case .last:
            let stage = position(architecture.blocks.count - 1).stage + 1
            return ("blocks.\(stage).0.conv", "blocks.\(stage).0.bn1")
        case .penultimate: return ("conv_head", "")
        case .classifier: return ("classifier", "")
        }
    }

    private func place(_ block: Int) -> String {
        let position = position(block)
        return "blocks.\(position.stage).\(position.index)"
    }

    /// Blocks in a row that have as many outputs are a stage.
    private func position(_ block: Int) -> (stage: Int, index: Int) {
        var (stage, first) = (0, 0)
        for index in 1..<max(1, block + 1) where architecture.blocks[index].outputs != architecture.blocks[index - 1].outputs {
            stage += 1
            first = index
        }
        return (stage, block - first)
    }
}
