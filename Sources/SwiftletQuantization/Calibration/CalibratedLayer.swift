import SwiftletRuntime

/// What calibration found for one layer, as the result and its report need it.
struct CalibratedLayer {
    /// The lowered operator. Tensor numbers are the network's.
    let operation: OperatorDescription
    /// The output's grid.
    let grid: Grid
    /// The output of the quantized network.
    let values: QuantizedValues
    /// The ends of the FP32 network's output.
    let ranges: ObservedRanges
    /// What the measured ranges were multiplied by; nil where the grid follows from the layer.
    var factor: Float?
    /// See `QuantizationReport.LayerEntry`.
    var weightError: Double?
    var biasShift: Double?
    var notes: [String] = []
}
