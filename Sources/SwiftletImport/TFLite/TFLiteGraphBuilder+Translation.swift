import SwiftletGraph

/// What an operator is in the graph.
extension TFLiteGraphBuilder {
    /// By output. An operator that changes how numbers are stored may leave its result to whoever reads it.
    mutating func translate(_ step: TFLiteOperator) throws(TFLiteProblem) -> [ValueID] {
        if let results = try answer(step) { return results }
        if let results = try split(step) { return results }
        if let result = try window(step) { return [result] }
        if let result = try arithmetic(step) { return [result] }
        if let result = try rearrangement(step) { return [result] }
        switch step.kind {
        case "QUANTIZE", "DEQUANTIZE": return try alias(step)
        default: throw .unsupported(Self.reason(for: step.kind))
        }
    }

    private static func reason(for kind: String) -> String {
        switch kind {
        case "\(TFLiteOperator.custom) edgetpu-custom-op": return "compiled for the Edge TPU: give the file that it was compiled from"
        case "\(TFLiteOperator.custom) TFLite_Detection_PostProcess", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5":
            return "detection is not supported"
        case "IF", "WHILE", "CALL", "CALL_ONCE": return "control flow: convert with fixed shapes"
        case "DENSIFY": return "sparse weights are not supported"
        case "LOCAL_RESPONSE_NORMALIZATION", "L2_NORMALIZATION":
            return "a normalization whose statistics are computed while the model runs: only batch normalization is supported"
        case "BATCH_MATMUL": return "a product of two computed values: transformers are not supported"
        default:
            if kind.hasPrefix(TFLiteOperator.custom) { return "an operator of its author's own" }
            if kind.contains("LSTM") || kind.contains("RNN") { return "recurrent networks are not supported" }
            return "no such operator here"
        }
    }

    // MARK: Fused activations

    /// The activation that an operator applies to its result, by its option number `field`.
    func activation(_ step: TFLiteOperator, _ field: Int) throws(TFLiteProblem) -> Activation? {
        switch try step.choice(field) {
        case 0: return nil
        case 1: return .relu
        case 2: return .clip(low: -1, high: 1)
        case 3: return .clip(low: 0, high: 6)
        case 4: return .tanh
        case let number: throw .unsupported("with the fused activation \(number)")
        }
    }

    // MARK: Inputs that are known

    /// Axes, shapes and the like.
    func integers(_ step: TFLiteOperator, _ position: Int, _ what: String) throws(TFLiteProblem) -> [Int] {
        guard let index = step.input(position) else { throw .malformed("\(what) is missing") }
        let tensor = try model.tensor(index)
        guard let bytes = try model.contents(ofBuffer: tensor.buffer) else {
            throw .unsupported("\(what) is computed while the model runs")
        }
        guard let count = tensor.count, count <= 2 * Shape.rankLimit else {
            throw .malformed("\(what) is not a list of as many integers as a shape has axes")
        }
        return try tensor.integers(bytes)
    }

    /// Whether the file has the values of a tensor.
    func isInFile(_ index: Int) throws(TFLiteProblem) -> Bool {
        let tensor = try model.tensor(index)
        return try model.contents(ofBuffer: tensor.buffer) != nil
    }

    mutating func vector(_ integers: [Int]) -> ValueID { graph.addConstant(Constant(integers: integers)) }

    /// The shape that the file states for an input or result; empty where it does not.
    func declaredShape(_ index: Int?) throws(TFLiteProblem) -> [Int] {
        guard let index else { return [] }
        return try model.tensor(index).shape
    }
}
