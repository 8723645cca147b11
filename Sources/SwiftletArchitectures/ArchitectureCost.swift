/// What a network weighs and costs, in the two conventions that tables of this family use.
package struct ArchitectureCost: Sendable, Equatable {
    /// Weights, biases, and the scale and shift of batch normalization.
    package var parameters = 0
    /// `parameters` and the statistics of batch normalization, mean and variance a channel.
    package var parametersWithStatistics = 0
    /// Multiply-accumulates of convolutions and linear layers, for one picture. Published "FLOPs" are 1 times (torchvision, the
    /// MobileNetV3 paper) or 2 times this number and a few percent of element-wise work (PaddleClas).
    package var macs = 0
    /// Convolutions and linear layers.
    package var layers = 0
}

extension Architecture {
    package var cost: ArchitectureCost {
        var counter = CostCounter()
        walk(&counter, input: ())
        return counter.cost
    }
}

private struct CostCounter: ArchitectureVisitor {
    var cost = ArchitectureCost()

    mutating func convolution(_ layer: ArchitectureLayer, _ x: Void, residual: Void?) {
        let parameters = layer.weightCount + (layer.hasBias ? layer.outputs : 0) + (layer.hasBatchNorm ? 2 * layer.outputs : 0)
        cost.parameters += parameters
        cost.parametersWithStatistics += parameters + (layer.hasBatchNorm ? 2 * layer.outputs : 0)
        cost.macs += layer.weightCount * layer.outputSize * layer.outputSize
        cost.layers += 1
    }

    func globalPool(_ x: Void, name: String, channels: Int, size: Int) {}

    func multiply(_ x: Void, gate: Void, name: String, channels: Int, size: Int) {}
}
