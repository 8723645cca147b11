/// What a model does to its logits before it gives them out. It is taken off and remembered: the logits have the same order, and whoever
/// wants probabilities computes them in single precision.
package enum Head: UInt8, CaseIterable, Sendable {
    /// The logits themselves.
    case none
    /// Shares of 1 over the classes.
    case softmax
    /// The softmax's logarithm.
    case logSoftmax
    /// A probability of its own for each class.
    case sigmoid
    /// The index of the largest logit.
    case argMax
    /// The largest logits and their indices.
    case topK
}
