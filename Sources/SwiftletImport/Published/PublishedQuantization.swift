/// The grids that a model came with which is int8 already, by the names of the graph's values. The graph beside it has the FP32 weights
/// that the file implies, and computes in floats.
package struct PublishedQuantization: Sendable, Equatable {
    /// What happens to halves when values are put on a grid.
    package enum Rounding: Sendable, Equatable {
        case halfToEven, halfAwayFromZero
    }

    /// A symmetric grid, q = clamp(round(x / step), lowest, 2^(bits - 1) - 1).
    package struct Grid: Sendable, Equatable {
        /// The magnitude that the largest integer stands for: one, or one a channel.
        package var thresholds: [Float]
        /// Which axis has the channels; nil where there is one threshold.
        package var axis: Int?
        package var bits: Int
        package var rounding: Rounding
        /// -2^(bits - 1), or one more.
        package var lowest: Int

        /// 2^(bits - 1) - 1
        package var highest: Int { 1 << (bits - 1) - 1 }

        /// By what an integer is multiplied: threshold / highest.
        package var steps: [Float] { thresholds.map { $0 / Float(highest) } }

        /// By what a value is divided: the same, but for thresholds of zero, as channels have that no picture made fire. Paddle adds a
        /// millionth to these, so that the values go to integers which the step of zero makes zero again.
        package var dividingSteps: [Float] { thresholds.map { ($0 <= 1e-30 ? $0 + 1e-6 : $0) / Float(highest) } }
    }

    /// The operators that a file has it in.
    package enum Form: String, Sendable {
        /// Values are put on a grid and taken back before an operator reads them.
        case linear = "quantize_linear and dequantize_linear operators"
        /// Values are put on a grid, and the results of layers scaled.
        case fake = "fake_quantize operators"
        /// Values are integers from layer to layer.
        case tensors = "tensors of integers"
    }

    package var form: Form

    init(form: Form) { self.form = form }

    /// Of values that are rounded before an operator reads them.
    package var activations: [String: Grid] = [:]
    /// Of values that were only watched: their ranges, no rounding.
    package var observed: [String: Grid] = [:]
    /// Of constants: their numbers in the graph are whole multiples of these grids' steps.
    package var weights: [String: Grid] = [:]
    /// Of a model whose tensors are integers: theirs, which have zero points.
    package var tensors = TFLiteQuantization()

    package var weightCount: Int { weights.count + tensors.constants.count }
    package var activationCount: Int { activations.count + tensors.activations.count }
}
