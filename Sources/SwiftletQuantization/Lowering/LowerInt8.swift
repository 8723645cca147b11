import SwiftletGraph
import SwiftletRuntime

/// The quantised network: an int8 operator a layer with the layer's name, float ones where the quantiser kept a layer in float, conversions
/// where the two meet. Tensors keep their names; the other type's copy of one is called name/int8 or name/float.
///
/// Preprocessing, labels and provenance are the caller's to set.
/// - Parameters:
///   - network: what was quantised.
///   - quantised: what `quantise` made of it.
/// - Throws: `QuantizationError` when `quantised` was made of another network, or naming a layer whose parameters break the file's bounds.
public func lowerInt8(_ network: Network, _ quantised: QuantisedNetwork) throws -> ModelBuilder {
    guard network.name == quantised.network.name, network.input == quantised.network.input, network.output == quantised.network.output,
        network.tensors.elementsEqual(quantised.network.tensors.prefix(network.tensors.count))
    else { throw QuantizationError("\(network.name) is not the network that was quantised") }
    var lowering = Lowering(quantised.network, grids: quantised.grids, fractionalInput: quantised.grids[network.input].offsets)
    for layer in quantised.layers {
        try BoundsCheck().run(layer, grid: quantised.grids[layer.operation.output])
        lowering.append(layer.operation, isFloat: layer.isFloat)
    }
    return lowering.finish()
}
