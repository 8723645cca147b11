import SwiftletRuntime

/// Of two int8 tensors.
extension ONNXExporter {
    /// Exact: the product of integers times the multiplier.
    mutating func int8Multiply(_ operation: OperatorDescription) -> String {
        let (output, name) = (tensor(operation.output), name(operation))
        let factor = options.isFused ? operation.multiplier.common : nil
        let first = factor.map { [Float](repeating: $0, count: output.channels) }
        let product = graph.node(
            "Mul",
            [steps(operation.inputs[0], times: first, name: "\(name)/first"), steps(operation.inputs[1], name: "\(name)/second")],
            name: "\(name)/product")
        return quantized(scaled(product, by: factor == nil ? operation.multiplier : nil, name: "\(name)/product"), to: output, name: name)
    }

    /// Exact: differences of integers, each times its multiplier.
    mutating func int8Add(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let terms = [("first", operation.multiplier), ("second", operation.secondMultiplier)].enumerated().map { index, term in
            addend(operation.inputs[index], times: term.1, name: "\(name)/\(term.0)")
        }
        return quantized(graph.node("Add", terms, name: "\(name)/sum"), to: tensor(operation.output), name: name)
    }

    /// (q - zero[c]) * factor[c], the product by an operator of its own: QLinearAdd, which runtimes make of DequantizeLinear's, rounds
    /// otherwise.
    mutating func addend(_ number: Int, times factors: [Float], name: String) -> String {
        if options.isFused { return steps(number, times: factors, name: name) }
        return scaled(steps(number, name: name), by: factors, name: name)
    }
}
