import SwiftletGraph

/// What a model came with that is int8 already. Its graph has the FP32 weights that the file implies, and puts values on grids where the
/// file does (`NodeOperation.rounded`); here the same grids stand by the names of the graph's values, for whoever describes the model.
package struct PublishedQuantization: Sendable, Equatable {
    /// The operators that a file has it in.
    package enum Form: String, Sendable {
        /// Paddle's: values are put on a grid and taken back before an operator reads them.
        case linear = "quantize_linear and dequantize_linear operators"
        /// Paddle's: values are put on a grid, and the results of layers scaled.
        case fake = "fake_quantize operators"
        /// TensorFlow Lite's: values are integers from layer to layer.
        case tensors = "tensors of integers"
        /// ONNX's: QDQ.
        case pairs = "QuantizeLinear and DequantizeLinear operators (QDQ)"
        /// ONNX Runtime's: QOperator.
        case operators = "operators on integers (QLinearConv and others)"
        /// ONNX's: the grid of each activation is computed from its values.
        case dynamic = "operators on integers whose scales are computed while the model runs (DynamicQuantizeLinear)"
    }

    package var form: Form
    /// Of values that are rounded before an operator reads them, or after one computed them.
    package var activations: [String: PublishedGrid] = [:]
    /// Of values that were only watched: the largest magnitude, no rounding.
    package var observed: [String: Float] = [:]
    /// Of weights and biases: their numbers in the graph are what integers on these grids stand for.
    package var weights: [String: PublishedGrid] = [:]

    package init(form: Form) { self.form = form }

    /// Whether the file has no scale of any activation, so that nobody can run it with them.
    package var needsPictures: Bool { activations.isEmpty }

    /// For `inspect`, on one line.
    package var text: String {
        let perAxis = weights.values.filter(\.isPerAxis).count
        let constants = "\(weights.count) of weights and biases (\(perAxis) per axis, \(weights.count - perAxis) per tensor)"
        let axisValues = activations.values.filter(\.isPerAxis).count
        let values = "\(activations.count) of activations" + (axisValues > 0 ? " (\(axisValues) per axis)" : "")
        let watched = observed.isEmpty ? "" : ", ranges of \(observed.count) more"
        return "\(form.rawValue): grids: \(constants), \(values)\(watched)"
    }
}
