import SwiftletGraph
import SwiftletRuntime

/// What `quantize` found: a grid for every tensor and integer parameters for every layer.
public struct QuantizedNetwork: Sendable {
    /// The network as it is computed: as given, with activations split off where int8 needs it. Tensors that were given keep their numbers.
    public var network: Network
    /// By tensor of `network`.
    public var grids: [Grid]
    /// By layer of `network`.
    public var layers: [QuantizedLayer]
    public var report: QuantizationReport
}

/// One layer's lowered form.
public struct QuantizedLayer: Sendable {
    /// Kept in float, with its FP32 weights.
    public var isFloat: Bool
    /// Integer weights, bias, multipliers, tables as the model file holds them. Tensor numbers are the network's.
    package var operation: OperatorDescription
}
