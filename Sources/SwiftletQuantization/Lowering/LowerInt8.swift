import SwiftletGraph
import SwiftletRuntime

/// The quantized network: an int8 operator a layer with the layer's name, float ones where the quantizer kept a layer in float, conversions
/// where the two meet. Tensors keep their names; the other type's copy of one is called name/int8 or name/float.
///
/// Preprocessing, labels and provenance are the caller's to set.
/// - Parameters:
///   - network: what was quantized.
///   - quantized: what `quantize` made of it.
/// - Throws: `QuantizationError` when `quantized` was made of another network, or naming a layer whose parameters break the file's bounds.
package func lowerInt8(_ network: Network, _ quantized: QuantizedNetwork) throws -> ModelBuilder {
    guard network.name == quantized.network.name, network.input == quantized.network.input, network.outputs == quantized.network.outputs,
        network.tensors.elementsEqual(quantized.network.tensors.prefix(network.tensors.count))
    else { throw QuantizationError("\(network.name) is not the network that was quantized") }
    var lowering = Lowering(quantized.network, grids: quantized.grids, fractionalInput: quantized.grids[network.input].offsets)
    for layer in quantized.layers {
        try BoundsCheck().run(layer, grid: quantized.grids[layer.operation.output])
        lowering.append(layer.operation, isFloat: layer.isFloat)
    }
    return lowering.finish()
}
