/// Inverted residuals that have all but the first one's stride and inputs in common, as tables of MobileNetV2's kind list them.
struct ResidualStage {
    let repeats: Int
    let kernel: Int
    /// Of the first block.
    let stride: Int
    /// Factor on a block's inputs; 1: no expansion.
    let expansion: Int
    let outputs: Int

    /// All blocks of the stages, with ReLU6.
    /// - Parameter stem: channels of the first one's input.
    static func blocks(_ stages: [ResidualStage], stem: Int) -> [Architecture.Block] {
        var inputs = stem
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
        return blocks
    }
}
