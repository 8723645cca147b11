import SwiftletGraph
import SwiftletRuntime

/// The network in float32: one operator a layer, with the layer's name; tensors keep their names.
///
/// Preprocessing, labels and provenance are the caller's to set.
/// - Throws: `QuantizationError` naming a layer whose shapes or parameters do not fit.
package func lowerFloat(_ network: Network) throws -> ModelBuilder {
    try network.check()
    var lowering = Lowering(network, grids: [], fractionalInput: [])
    for layer in network.layers {
        lowering.append(floatOperator(layer), isFloat: true)
    }
    return lowering.finish()
}
