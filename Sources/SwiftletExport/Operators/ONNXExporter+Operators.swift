import SwiftletRuntime

extension ONNXExporter {
    /// Adds the nodes of an operator.
    /// - Returns: the value that holds its output: uint8 or float32.
    mutating func export(_ operation: OperatorDescription) throws -> String {
        switch operation.kind {
        case .convolutionInt8, .depthwiseInt8: return try int8Convolution(operation)
        case .convolutionFloat, .depthwiseFloat: return floatConvolution(operation)
        case .globalPoolInt8: return int8GlobalPool(operation)
        case .poolInt8: return operation.isMaxPool ? int8MaxPool(operation) : int8AveragePool(operation)
        case .multiplyInt8: return int8Multiply(operation)
        case .addInt8: return int8Add(operation)
        case .tableInt8: return table(operation)
        case .concatenate: return concatenate(operation)
        case .quantize:
            return quantized(
                value(operation.inputs[0]), factors: operation.multiplier, offsets: operation.offsets, to: tensor(operation.output),
                name: name(operation))
        case .dequantize: return steps(operation.inputs[0], times: operation.multiplier, name: name(operation))
        case .globalPoolFloat: return graph.node("GlobalAveragePool", [value(operation.inputs[0])], name: name(operation))
        case .poolFloat: return pool(operation, value(operation.inputs[0]), name: name(operation))
        case .multiplyFloat: return graph.node("Mul", operation.inputs.map(value), name: name(operation))
        case .addFloat:
            let sum = graph.node("Add", operation.inputs.map(value), name: linearName(operation))
            return activated(sum, operation)
        case .activationFloat: return activated(value(operation.inputs[0]), operation)
        }
    }

    /// Of what an operator writes: its tensor's.
    func name(_ operation: OperatorDescription) -> String { tensor(operation.output).name }
    /// Of what it computes before its activation.
    func linearName(_ operation: OperatorDescription) -> String {
        operation.activation == .linear ? name(operation) : "\(name(operation))/linear"
    }

    // MARK: - Copies

    /// Of int8 tensors, too, the values themselves are copied: the output's grid is made of the inputs'.
    private mutating func concatenate(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let isInt8 = tensor(operation.output).type == .int8
        let parts = operation.inputs.map { isInt8 ? dequantized($0, zero: 0, name: name) : value($0) }
        let isSelected = !operation.table.isEmpty
        var joined = parts[0]
        if parts.count > 1 { joined = graph.node("Concat", parts, name: isInt8 || isSelected ? "\(name)/joined" : name, [.int("axis", 1)]) }
        if isSelected {
            let selected = operation.selectedChannels.map(Int64.init)
            let channels = graph.int64s(selected, [selected.count], name: "\(name)/channels")
            joined = graph.node("Gather", [joined, channels], name: isInt8 ? "\(name)/selected" : name, [.int("axis", 1)])
        }
        return isInt8 ? quantized(joined, zero: 0, name: name) : joined
    }
}
