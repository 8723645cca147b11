/// "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (Sandler et al. 2018, table 2), at width 1.
enum MobileNetV2 {
    static func torchvision(name: String) -> Architecture {
        let stages = [(1, 1, 16, 1), (6, 2, 24, 2), (6, 3, 32, 2), (6, 4, 64, 2), (6, 3, 96, 1), (6, 3, 160, 2), (6, 1, 320, 1)].map {
            (expansion, repeats, outputs, stride) in
            ResidualStage(repeats: repeats, kernel: 3, stride: stride, expansion: expansion, outputs: outputs)
        }
        return Architecture(
            name: name, family: .mobileNetV2, stem: 32, stemActivation: .relu6, blocks: ResidualStage.blocks(stages, stem: 32),
            lastWidth: 1280, penultimateWidth: nil)
    }
}
