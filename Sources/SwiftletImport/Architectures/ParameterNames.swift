import SwiftletArchitectures
import SwiftletRuntime

/// What a family's checkpoints call the parameters of a layer, and how they store them.
struct ParameterNames {
    let weight: String
    /// Only of layers with a bias of their own.
    let bias: String
    /// Only of layers with batch normalization.
    let gamma, beta, mean, variance: String
    /// The weight's shape: [out, in / groups, kernel, kernel], but linear layers [out, in], in Paddle [in, out].
    let shape: [Int]
    let isTransposed: Bool

    init(_ layer: ArchitectureLayer, of architecture: Architecture) {
        let names: (convolution: String, norm: String)
        var isLinear = layer.role == .classifier
        switch architecture.family {
        case .paddleClas:
            names = Self.paddleClas(layer.role)
        case .torchvision:
            names = Self.torchvision(layer.role, architecture)
            isLinear = isLinear || layer.role == .penultimate
        case .mobileNetV2:
            names = Self.mobileNetV2(layer.role, architecture)
        case .efficientNetLite:
            names = Self.efficientNetLite(layer.role)
        }
        weight = names.convolution + ".weight"
        bias = names.convolution + ".bias"
        gamma = names.norm + ".weight"
        beta = names.norm + ".bias"
        mean = names.norm + (architecture.family == .paddleClas ? "._mean" : ".running_mean")
        variance = names.norm + (architecture.family == .paddleClas ? "._variance" : ".running_var")
        isTransposed = isLinear && architecture.family == .paddleClas
        shape =
            isTransposed
            ? [layer.inputs, layer.outputs]
            : isLinear ? [layer.outputs, layer.inputs] : [layer.outputs, layer.inputsPerGroup, layer.kernel, layer.kernel]
    }

    private static func paddleClas(_ role: LayerRole) -> (String, String) {
        func unit(_ name: String) -> (String, String) { (name + ".conv", name + ".bn") }
        return switch role {
        case .stem: unit("conv")
        case .expansion(let block): unit("blocks.\(block).expand_conv")
        case .depthwise(let block): unit("blocks.\(block).bottleneck_conv")
        case .squeeze(let block): ("blocks.\(block).mid_se.conv1", "")
        case .excite(let block): ("blocks.\(block).mid_se.conv2", "")
        case .projection(let block): unit("blocks.\(block).linear_conv")
        case .last: unit("last_second_conv")
        case .penultimate: ("last_conv", "")
        case .classifier: ("fc", "")
        }
    }

    /// torchvision numbers the modules of a block, so that numbers depend on which of them the block has.
    private static func torchvision(_ role: LayerRole, _ architecture: Architecture) -> (String, String) {
        func unit(_ name: String) -> (String, String) { (name + ".0", name + ".1") }
        func module(_ block: Int, _ offset: Int) -> String {
            "features.\(block + 1).block.\((architecture.blocks[block].hasExpansion ? 1 : 0) + offset)"
        }
        return switch role {
        case .stem: unit("features.0")
        case .expansion(let block): unit("features.\(block + 1).block.0")
        case .depthwise(let block): unit(module(block, 0))
        case .squeeze(let block): (module(block, 1) + ".fc1", "")
        case .excite(let block): (module(block, 1) + ".fc2", "")
        case .projection(let block): unit(module(block, architecture.blocks[block].squeezed == nil ? 1 : 2))
        case .last: unit("features.\(architecture.blocks.count + 1)")
        case .penultimate: ("classifier.0", "")
        case .classifier: ("classifier.3", "")
        }
    }

    /// As torchvision's MobileNetV3, but that a block's projection has no module of its own. Squeeze-and-excite and penultimate layers do
    /// not occur.
    private static func mobileNetV2(_ role: LayerRole, _ architecture: Architecture) -> (String, String) {
        func unit(_ name: String) -> (String, String) { (name + ".0", name + ".1") }
        func module(_ block: Int, _ offset: Int) -> String {
            "features.\(block + 1).conv.\((architecture.blocks[block].hasExpansion ? 1 : 0) + offset)"
        }
        return switch role {
        case .stem: unit("features.0")
        case .expansion(let block): unit("features.\(block + 1).conv.0")
        case .depthwise(let block), .squeeze(let block), .excite(let block): unit(module(block, 0))
        case .projection(let block): (module(block, 1), module(block, 2))
        case .last, .penultimate: unit("features.\(architecture.blocks.count + 1)")
        case .classifier: ("classifier.1", "")
        }
    }

    /// Squeeze-and-excite and penultimate layers do not occur; their names are those of the package's EfficientNets.
    private static func efficientNetLite(_ role: LayerRole) -> (String, String) {
        switch role {
        case .stem: ("_conv_stem", "_bn0")
        case .expansion(let block): ("_blocks.\(block)._expand_conv", "_blocks.\(block)._bn0")
        case .depthwise(let block): ("_blocks.\(block)._depthwise_conv", "_blocks.\(block)._bn1")
        case .squeeze(let block): ("_blocks.\(block)._se_reduce", "")
        case .excite(let block): ("_blocks.\(block)._se_expand", "")
        case .projection(let block): ("_blocks.\(block)._project_conv", "_blocks.\(block)._bn2")
        case .last, .penultimate: ("_conv_head", "_bn1")
        case .classifier: ("_fc", "")
        }
    }
}
