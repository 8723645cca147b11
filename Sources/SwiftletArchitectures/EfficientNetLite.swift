/// EfficientNet-Lite (Google, 2020): EfficientNet without squeeze-and-excite, ReLU6 for swish, stem and head of one width for all sizes.
enum EfficientNetLite {
    private struct Stage {
        let repeats: Int
        let kernel: Int
        let stride: Int
        let expansion: Int
        let outputs: Int
    }

    static func lite0(name: String) -> Architecture {
        let stages = [
            Stage(repeats: 1, kernel: 3, stride: 1, expansion: 1, outputs: 16),
            Stage(repeats: 2, kernel: 3, stride: 2, expansion: 6, outputs: 24),
            Stage(repeats: 2, kernel: 5, stride: 2, expansion: 6, outputs: 40),
            Stage(repeats: 3, kernel: 3, stride: 2, expansion: 6, outputs: 80),
            Stage(repeats: 3, kernel: 5, stride: 1, expansion: 6, outputs: 112),
            Stage(repeats: 4, kernel: 5, stride: 2, expansion: 6, outputs: 192),
            Stage(repeats: 1, kernel: 3, stride: 1, expansion: 6, outputs: 320),
        ]
        var inputs = 32
        var blocks = [Architecture.Block]()
        for stage in stages {
            for repetition in 0..<stage.repeats {
                blocks.append(
                    Architecture.Block(
                        kernel: stage.kernel, inputs: inputs, expansion: inputs * stage.expansion, outputs: stage.outputs,
                        stride: repetition == 0 ? stage.stride : 1, squeezed: nil, activation: .relu6, hasExpansion: stage.expansion != 1))
                inputs = stage.outputs
            }
        }
        return Architecture(
            name: name, family: .efficientNetLite, stem: 32, stemActivation: .relu6, blocks: blocks, lastWidth: 1280,
            penultimateWidth: nil)
    }
}
