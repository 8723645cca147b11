import SwiftletGraph

/// A network whose every layer is one operator of the runtime, and which of them compute in int8.
struct PreparedNetwork: Sendable {
    var network: Network
    /// By layer.
    var isFloat: [Bool] = []
    /// By layer: the activation whose slope weighs the bias correction. Its own, or that of the table operator split off it.
    var weighing: [Activation] = []
    /// By layer: the outputs that matter. What its activation can give, or what the table operator split off it does not flatten.
    var useful: [Interval] = []
    /// By layer: what was done and why, for the report.
    var notes: [[String]] = []

    /// What is known of a layer's output.
    func output(of index: Int, settings: QuantizationSettings) -> LayerOutput {
        let layer = network.layers[index]
        let tensor = network.tensors[layer.output]
        let isOutput = network.outputs.contains { $0.tensor == layer.output }
        return LayerOutput(
            tensor: tensor, isLogits: isOutput && tensor.isVector, activation: layer.operation.activation, useful: useful[index],
            isPerChannel: settings.perChannel && !tensor.isVector)
    }
}
