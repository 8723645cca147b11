import SwiftletGraph
import SwiftletRuntime

/// A lowered model whose int8 activations have one scale and zero point a tensor: what its channels' grids hold together. Weights are
/// rounded anew, since they carried the channels' scales.
///
/// Preprocessing, labels and provenance are the given model's.
/// - Throws: `QuantizationError` naming an operator that has no such form.
package func perTensor(_ model: ModelBuilder) throws -> ModelBuilder {
    let lifted = try LiftedNetwork(model)
    try lifted.network.check()
    let grids = SharedGrids(lifted).grids
    let network = lifted.network
    var lowering = Lowering(network, grids: grids, fractionalInput: [])
    for (layer, isFloat) in zip(network.layers, lifted.isFloat) {
        if isFloat {
            lowering.append(floatOperator(layer), isFloat: true)
            continue
        }
        let inputs = layer.inputs.map { grids[$0] }
        let operation = int8Operator(layer, inputs: inputs, output: grids[layer.output], in: network)
        try BoundsCheck().run(QuantizedLayer(isFloat: false, operation: operation), grid: grids[layer.output])
        lowering.append(operation, isFloat: false)
    }
    var result = lowering.finish()
    (result.preprocessing, result.labels, result.provenance) = (model.preprocessing, model.labels, model.provenance)
    return result
}

private func int8Operator(_ layer: Layer, inputs: [Grid], output: Grid, in network: Network) -> OperatorDescription {
    guard case .convolution(let convolution) = layer.operation else {
        return Int8Operator(network: network).make(layer, inputs: inputs, output: output)
    }
    var weights = IntegerWeights(convolution, input: inputs[0])
    return Int8Convolution.make(
        layer, convolution, weights: &weights, bias: convolution.bias, input: inputs[0], residual: inputs.count > 1 ? inputs[1] : nil,
        output: output)
}
