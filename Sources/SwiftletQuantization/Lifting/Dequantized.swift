import SwiftletRuntime

/// A lowered model in float32: the weights that its integers stand for, and no grid on activations but the clamps that it stands for.
///
/// Preprocessing, labels and provenance are the given model's.
/// - Throws: `QuantizationError` naming an operator that has no such form.
package func dequantized(_ model: ModelBuilder) throws -> ModelBuilder {
    var result = try lowerFloat(try LiftedNetwork(model).network)
    (result.preprocessing, result.labels, result.provenance) = (model.preprocessing, model.labels, model.provenance)
    return result
}
