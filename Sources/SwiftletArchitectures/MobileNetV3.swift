/// The tables of "Searching for MobileNetV3" (Howard et al. 2019, tables 1 and 2), and what PaddleClas and torchvision make of them.
enum MobileNetV3 {
    enum Size: CaseIterable {
        case large, small

        var label: String { self == .large ? "large" : "small" }
    }

    private struct Row {
        let kernel: Int
        let expansion: Int
        let outputs: Int
        let hasSqueeze: Bool
        let activation: LayerActivation
        let stride: Int

        init(_ kernel: Int, _ expansion: Int, _ outputs: Int, squeeze: Bool, _ activation: LayerActivation, _ stride: Int) {
            self.kernel = kernel
            self.expansion = expansion
            self.outputs = outputs
            hasSqueeze = squeeze
            self.activation = activation
            self.stride = stride
        }
    }

    private static func rows(_ size: Size) -> [Row] {
        switch size {
        case .large:
            [
                Row(3, 16, 16, squeeze: false, .relu, 1),
                Row(3, 64, 24, squeeze: false, .relu, 2),
                Row(3, 72, 24, squeeze: false, .relu, 1),
                Row(5, 72, 40, squeeze: true, .relu, 2),
                Row(5, 120, 40, squeeze: true, .relu, 1),
                Row(5, 120, 40, squeeze: true, .relu, 1),
                Row(3, 240, 80, squeeze: false, .hardSwish, 2),
                Row(3, 200, 80, squeeze: false, .hardSwish, 1),
                Row(3, 184, 80, squeeze: false, .hardSwish, 1),
                Row(3, 184, 80, squeeze: false, .hardSwish, 1),
                Row(3, 480, 112, squeeze: true, .hardSwish, 1),
                Row(3, 672, 112, squeeze: true, .hardSwish, 1),
                Row(5, 672, 160, squeeze: true, .hardSwish, 2),
                Row(5, 960, 160, squeeze: true, .hardSwish, 1),
                Row(5, 960, 160, squeeze: true, .hardSwish, 1),
            ]
        case .small:
            [
                Row(3, 16, 16, squeeze: true, .relu, 2),
                Row(3, 72, 24, squeeze: false, .relu, 2),
                Row(3, 88, 24, squeeze: false, .relu, 1),
                Row(5, 96, 40, squeeze: true, .hardSwish, 2),
                Row(5, 240, 40, squeeze: true, .hardSwish, 1),
                Row(5, 240, 40, squeeze: true, .hardSwish, 1),
                Row(5, 120, 48, squeeze: true, .hardSwish, 1),
                Row(5, 144, 48, squeeze: true, .hardSwish, 1),
                Row(5, 288, 96, squeeze: true, .hardSwish, 2),
                Row(5, 576, 96, squeeze: true, .hardSwish, 1),
                Row(5, 576, 96, squeeze: true, .hardSwish, 1),
            ]
        }
    }

    /// PaddleClas: every block keeps its expansion, squeeze-and-excite narrows to a quarter that is not rounded, and 1280 channels stand
    /// before the classifier whatever the width.
    /// - Parameter width: factor on all other channel counts.
    static func paddleClas(_ size: Size, width: Double, name: String) -> Architecture {
        network(size, name: name, family: .paddleClas, width: width, penultimateWidth: 1280)
    }

    /// torchvision: no expansion where it would not widen, squeeze-and-excite in multiples of eight.
    static func torchvision(_ size: Size, name: String) -> Architecture {
        network(size, name: name, family: .torchvision, width: 1, penultimateWidth: size == .large ? 1280 : 1024)
    }

    private static func network(
        _ size: Size, name: String, family: ArchitectureFamily, width: Double, penultimateWidth: Int
    ) -> Architecture {
        let stem = divisible(16 * width)
        var inputs = stem
        var blocks = [Architecture.Block]()
        for row in rows(size) {
            let expansion = divisible(Double(row.expansion) * width)
            let quarter = family == .torchvision ? divisible(Double(expansion / 4)) : expansion / 4
            let block = Architecture.Block(
                kernel: row.kernel, inputs: inputs, expansion: expansion, outputs: divisible(Double(row.outputs) * width),
                stride: row.stride, squeezed: row.hasSqueeze ? quarter : nil, activation: row.activation,
                hasExpansion: family == .paddleClas || expansion != inputs)
            blocks.append(block)
            inputs = block.outputs
        }
        let last = divisible((size == .large ? 960 : 576) * width)
        return Architecture(
            name: name, family: family, stem: stem, stemActivation: .hardSwish, blocks: blocks, lastWidth: last,
            penultimateWidth: penultimateWidth)
    }

    /// `channels` rounded to a multiple of eight, never to less than nine tenths: `_make_divisible` of the MobileNets.
    private static func divisible(_ channels: Double) -> Int {
        let rounded = max(8, Int(channels + 4) / 8 * 8)
        return Double(rounded) < 0.9 * channels ? rounded + 8 : rounded
    }
}
