/// EfficientNet-Lite (Google, 2020): EfficientNet without squeeze-and-excite, ReLU6 for swish, stem and head of one width for all sizes.
enum EfficientNetLite {
    static func lite0(name: String) -> Architecture {
        let stages = [
            ResidualStage(repeats: 1, kernel: 3, stride: 1, expansion: 1, outputs: 16),
            ResidualStage(repeats: 2, kernel: 3, stride: 2, expansion: 6, outputs: 24),
            ResidualStage(repeats: 2, kernel: 5, stride: 2, expansion: 6, outputs: 40),
            ResidualStage(repeats: 3, kernel: 3, stride: 2, expansion: 6, outputs: 80),
            ResidualStage(repeats: 3, kernel: 5, stride: 1, expansion: 6, outputs: 112),
            ResidualStage(repeats: 4, kernel: 5, stride: 2, expansion: 6, outputs: 192),
            ResidualStage(repeats: 1, kernel: 3, stride: 1, expansion: 6, outputs: 320),
        ]
        return Architecture(
            name: name, family: .efficientNetLite, stem: 32, stemActivation: .relu6, blocks: ResidualStage.blocks(stages, stem: 32),
            lastWidth: 1280, penultimateWidth: nil)
    }
}
