/// What a source model does to an output's values before it gives them out. A session leaves it out: the values have the same order.
///
/// The numbers are the file's.
public enum OutputHead: UInt8, Sendable {
    /// Nothing.
    case none = 0
    /// Shares of 1 over the classes.
    case softmax = 1
    /// The softmax's logarithm.
    case logSoftmax = 2
    /// A probability of its own for each class.
    case sigmoid = 3
    /// The class of the largest value.
    case argMax = 4
    /// The largest values and their classes.
    case topK = 5

    /// As `inspect` names it.
    package var name: String {
        switch self {
        case .none: "none"
        case .softmax: "softmax"
        case .logSoftmax: "log-softmax"
        case .sigmoid: "sigmoid"
        case .argMax: "argmax"
        case .topK: "top-k"
        }
    }
}
