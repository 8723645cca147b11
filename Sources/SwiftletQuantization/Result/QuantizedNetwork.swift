import SwiftletGraph
import SwiftletRuntime

/// What `quantize` found: a grid for every tensor and integer parameters for every layer.
package struct QuantizedNetwork: Sendable {
    /// The network as it is computed: as given, with activations split off where int8 needs it. Tensors that were given keep their numbers.
    package var network: Network
    /// By tensor of `network`.
    package var grids: [Grid]
    /// By layer of `network`.
    package var layers: [QuantizedLayer]
    package var report: QuantizationReport
}

/// One layer's lowered form.
package struct QuantizedLayer: Sendable {
    /// Kept in float, with its FP32 weights.
    package var isFloat: Bool
    /// Integer weights, bias, multipliers, tables as the model file holds them. Tensor numbers are the network's.
    package var operation: OperatorDescription
}
