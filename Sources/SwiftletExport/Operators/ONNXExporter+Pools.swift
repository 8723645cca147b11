import SwiftletImport
import SwiftletRuntime

extension ONNXExporter {
    /// Exact: the sum of integers that the kernels have, which the mean times their number is rounded to.
    mutating func int8GlobalPool(_ operation: OperatorDescription) -> String {
        let (input, output, name) = (tensor(operation.inputs[0]), tensor(operation.output), name(operation))
        let positions = input.height * input.width
        // The sum's constant, less what the zero point's being taken away already adds; nothing where both are the same.
        let zero = input.commonZero ?? 0
        let rest = operation.bias.map { Float(Int($0) + positions * zero) }
        if options.isFused, let factor = operation.multiplier.common, rest.common == 0 {
            let steps = dequantized(operation.inputs[0], scale: factor * Float(positions), zero: zero, name: name)
            return quantized(graph.node("GlobalAveragePool", [steps], name: "\(name)/mean"), to: output, name: name)
        }
        let integers = dequantized(operation.inputs[0], zero: zero, name: name)
        let mean = graph.node("GlobalAveragePool", [integers], name: "\(name)/mean")
        let product = graph.node("Mul", [mean, graph.scalar(Float(positions))], name: "\(name)/sum")
        let sum = shifted(graph.node("Round", [product], name: "\(name)/sum"), by: rest, name: "\(name)/sum")
        return quantized(scaled(sum, by: operation.multiplier, name: "\(name)/sum"), to: output, name: name)
    }

    /// Integers are what is compared: the output has the input's grid.
    mutating func int8MaxPool(_ operation: OperatorDescription) -> String {
        let name = name(operation)
        let integers = dequantized(operation.inputs[0], zero: 0, name: name)
        return quantized(pool(operation, integers, name: "\(name)/pool"), zero: 0, name: name)
    }

    /// Exact: a sum, as a depthwise convolution whose weights are 1, times the inverse of how many positions it has.
    mutating func int8AveragePool(_ operation: OperatorDescription) -> String {
        let (output, name) = (tensor(operation.output), name(operation))
        if options.isFused, let factor = operation.multiplier.common {
            let steps = steps(operation.inputs[0], times: [Float](repeating: factor, count: output.channels), name: name)
            return quantized(pool(operation, steps, name: "\(name)/pool"), to: output, name: name)
        }
        let (window, integers) = (operation.window, steps(operation.inputs[0], name: name))
        let shape = [output.channels, 1, Int(window.kernelHeight), Int(window.kernelWidth)]
        let ones = graph.floats([Float](repeating: 1, count: shape.reduce(1, *)), shape, name: "\(name)/ones")
        let sum = graph.node("Conv", [integers, ones], name: "\(name)/sum", window.attributes + [.int("group", output.channels)])
        let integer = graph.node("Round", [sum], name: "\(name)/sum")
        let mean = graph.node("Mul", [integer, inverseCounts(operation)], name: "\(name)/mean")
        return quantized(scaled(mean, by: operation.multiplier, name: "\(name)/mean"), to: output, name: name)
    }

    /// One over the positions that each output averages: a scalar, or [1][1][height][width] where padding does not count.
    private mutating func inverseCounts(_ operation: OperatorDescription) -> String {
        let (window, input, output) = (operation.window, tensor(operation.inputs[0]), tensor(operation.output))
        guard window.isPadded, !operation.poolCountsPadding else {
            return graph.scalar(1 / Float(window.kernelHeight * window.kernelWidth))
        }
        func counts(_ outputs: Int, _ stride: Int32, _ pad: Int32, _ kernel: Int32, _ size: Int) -> [Int] {
            (0..<outputs).map { index in
                let first = index * Int(stride) - Int(pad)
                return min(first + Int(kernel), size) - max(first, 0)
            }
        }
        let rows = counts(output.height, window.strideHeight, window.padTop, window.kernelHeight, input.height)
        let columns = counts(output.width, window.strideWidth, window.padLeft, window.kernelWidth, input.width)
        let inverses = rows.flatMap { row in columns.map { 1 / Float(row * $0) } }
        return graph.floats(inverses, [1, 1, output.height, output.width], name: "\(name(operation))/inverse")
    }

    mutating func pool(_ operation: OperatorDescription, _ value: String, name: String) -> String {
        let window = operation.window.attributes
        if operation.isMaxPool { return graph.node("MaxPool", [value], name: name, window) }
        return graph.node(
            "AveragePool", [value], name: name, window + [.int("count_include_pad", operation.poolCountsPadding ? 1 : 0)])
    }
}
