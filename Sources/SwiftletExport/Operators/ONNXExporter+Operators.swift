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

    // MARK: - Pools

    private mutating func int8GlobalPool(_ operation: OperatorDescription) -> String {
        let (input, output, name) = (tensor(operation.inputs[0]), tensor(operation.output), name(operation))
        let positions = Float(input.height * input.width)
        // The sum's constant, less what the zero point's being taken away already adds; nothing where both are the same.
        let zero = input.commonZero ?? 0
        let rest = operation.bias.map { Int($0) + Int(positions) * zero }
        let factors = operation.multiplier.map { $0 * positions }
        let addends = zip(rest, operation.multiplier).map { Float($0) * $1 }
        let steps = dequantized(operation.inputs[0], scale: factors.common ?? 1, zero: zero, name: name)
        let mean = graph.node("GlobalAveragePool", [steps], name: "\(name)/mean")
        let scaled = factors.common == nil ? scaled(mean, by: factors, name: "\(name)/mean") : mean
        return quantized(shifted(scaled, by: addends, name: "\(name)/mean"), to: output, name: name)
    }

    /// Integers are what is compared: the output has the input's grid.
    private mutating func int8MaxPool(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let integers = dequantized(operation.inputs[0], zero: 0, name: name)
        return quantized(pool(operation, integers, name: "\(name)/pool"), zero: 0, name: name)
    }

    private mutating func int8AveragePool(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let factor = operation.multiplier.common
        let steps = steps(operation.inputs[0], times: factor.map { [Float](repeating: $0, count: operation.multiplier.count) }, name: name)
        let mean = pool(operation, steps, name: "\(name)/pool")
        let scaled = factor == nil ? scaled(mean, by: operation.multiplier, name: "\(name)/pool") : mean
        return quantized(scaled, to: tensor(operation.output), name: name)
    }

    private mutating func pool(_ operation: OperatorDescription, _ value: String, name: String) -> String {
        let window = operation.window.attributes
        if operation.isMaxPool { return graph.node("MaxPool", [value], name: name, window) }
        return graph.node(
            "AveragePool", [value], name: name, window + [.int("count_include_pad", operation.poolCountsPadding ? 1 : 0)])
    }

    // MARK: - Two inputs and more

    private mutating func int8Multiply(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let factor = operation.multiplier.common
        let first = steps(
            operation.inputs[0], times: factor.map { [Float](repeating: $0, count: operation.multiplier.count) }, name: "\(name)/first")
        let second = steps(operation.inputs[1], name: "\(name)/second")
        let product = graph.node("Mul", [first, second], name: "\(name)/product")
        let scaled = factor == nil ? scaled(product, by: operation.multiplier, name: "\(name)/product") : product
        return quantized(scaled, to: tensor(operation.output), name: name)
    }

    private mutating func int8Add(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let first = steps(operation.inputs[0], times: operation.multiplier, name: "\(name)/first")
        let second = steps(operation.inputs[1], times: operation.secondMultiplier, name: "\(name)/second")
        return quantized(graph.node("Add", [first, second], name: "\(name)/sum"), to: tensor(operation.output), name: name)
    }

    /// Of int8 tensors, too, the values themselves are copied: the output's grid is made of the inputs'.
    private mutating func concatenate(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let isInt8 = tensor(operation.output).type == .int8
        let parts = operation.inputs.map { isInt8 ? dequantized($0, zero: 0, name: name) : value($0) }
        let isSelected = !operation.table.isEmpty
        var joined = parts[0]
        if parts.count > 1 { joined = graph.node("Concat", parts, name: isInt8 || isSelected ? "\(name)/joined" : name, [.int("axis", 1)]) }
        if isSelected {
            let channels = graph.int64s(operation.selectedChannels.map(Int64.init), [operation.selectedChannels.count], name: "\(name)/channels")
            joined = graph.node("Gather", [joined, channels], name: isInt8 ? "\(name)/selected" : name, [.int("axis", 1)])
        }
        return isInt8 ? quantized(joined, zero: 0, name: name) : joined
    }
}
