import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime

extension ONNXExporter {
    /// Exact: the table. Fused: the activation whose values it holds, where that is known.
    mutating func table(_ operation: OperatorDescription) -> String {
        let (input, output, name) = (tensor(operation.inputs[0]), tensor(operation.output), name(operation))
        guard options.isFused, let activation = TableFunction(operation, input: input, output: output).activation() else {
            return lookUp(operation)
        }
        let real = steps(operation.inputs[0], times: (0..<input.channels).map(input.scale), name: "\(name)/input")
        var form = operation
        form.setActivation(activation)
        let result = activated(real, form.activation, form.activationA, form.activationB, name: "\(name)/activation")
        let steps = scaled(result, by: (0..<output.channels).map { 1 / output.scale($0) }, name: "\(name)/activation")
        return quantized(steps, to: output, name: name)
    }

    /// The entries by their number, q + 128, of each channel's row.
    private mutating func lookUp(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let rows = operation.table.count / 256
        var index = graph.node("Cast", [value(operation.inputs[0])], name: "\(name)/index", [.int("to", Int(ElementCode.int32.rawValue))])
        if rows > 1 {
            let firsts = graph.int32s((0..<rows).map { Int32($0 * 256) }, [1, rows, 1, 1], name: "\(name)/first")
            index = graph.node("Add", [index, firsts], name: "\(name)/index")
        }
        let entries = graph.bytes(operation.table, [operation.table.count], .uint8, name: "\(name)/table")
        return graph.node("Gather", [entries, index], name: name, [.int("axis", 0)])
    }
}
