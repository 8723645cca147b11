import SwiftletGraph

/// A node in the graph's terms. Attributes that later opsets have as inputs are always inputs there.
struct ONNXTranslation {
    /// One node of the graph, or a constant.
    struct Step {
        enum Kind {
            case operation(NodeOperation)
            case constant(Constant)
        }

        var kind: Kind
        /// Inputs after the others.
        var constants: [Constant] = []
        /// Which of the ONNX node's inputs is this step's second; nil: the first step has them all, others have none.
        var input: Int?
    }

    /// What the first output takes: each step reads what the one before it has made.
    var steps: [Step]
    /// What further outputs take that a graph can have.
    var further: [Int: [Step]] = [:]
    /// Of the ONNX node's inputs the first alone is taken.
    var takesFirstInputOnly = false
    /// How many inputs must be there.
    var required = 1

    static func operation(_ operation: NodeOperation, _ constants: [Constant]? = nil, required: Int = 1) -> ONNXTranslation {
        ONNXTranslation(
            steps: [Step(kind: .operation(operation), constants: constants ?? [])], takesFirstInputOnly: constants != nil,
            required: required)
    }

    static func constant(_ constant: Constant) -> ONNXTranslation {
        ONNXTranslation(steps: [Step(kind: .constant(constant))], required: 0)
    }

    /// What there is nothing for.
    static func unsupported(_ reason: String) -> ONNXTranslation {
        ONNXTranslation(steps: [Step(kind: .operation(.unsupported(reason)))], required: 0)
    }

    var isUnsupported: Bool {
        if case .operation(.unsupported) = steps.first?.kind { true } else { false }
    }

    /// nil for an output that a graph cannot have.
    func steps(output: Int) -> [Step]? {
        output == 0 ? steps : further[output]
    }
}
