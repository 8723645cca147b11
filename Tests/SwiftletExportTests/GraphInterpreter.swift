import Foundation
import SwiftletImport

/// Runs an exported graph on one picture, by the definitions of ONNX's operators: what other runtimes should compute. Numbers of every type
/// are floats here.
struct GraphInterpreter {
    struct Value {
        /// Batch first.
        var shape: [Int]
        var numbers: [Float]

        var count: Int { numbers.count }
    }

    struct Failure: Error {
        let text: String
    }

    private let graph: ONNX_GraphProto
    private var values: [String: Value] = [:]

    /// - Parameter input: [1][C][H][W]
    static func run(_ file: ONNX_ModelProto, input: [Float]) throws -> [String: Value] {
        var interpreter = GraphInterpreter(file.graph)
        let shape = file.graph.input[0].type.tensorType.shape.dim.map { max(1, Int($0.dimValue)) }
        interpreter.values[file.graph.input[0].name] = Value(shape: shape, numbers: input)
        for node in file.graph.node {
            guard node.output.count == 1, interpreter.values[node.output[0]] == nil else { throw Failure(text: "\(node.name): its output") }
            interpreter.values[node.output[0]] = try interpreter.result(node)
        }
        var results: [String: Value] = [:]
        for output in file.graph.output { results[output.name] = try interpreter.value(output.name) }
        return results
    }

    private init(_ graph: ONNX_GraphProto) {
        self.graph = graph
        for tensor in graph.initializer { values[tensor.name] = Value(tensor) }
    }

    private func value(_ name: String) throws -> Value {
        guard let value = values[name] else { throw Failure(text: "no value is called \(name)") }
        return value
    }

    private func result(_ node: ONNX_NodeProto) throws -> Value {
        let inputs = try node.input.map { try $0.isEmpty ? Value(shape: [0], numbers: []) : value($0) }
        let x = inputs[0]
        func attribute(_ name: String) -> ONNX_AttributeProto { node.attribute.first { $0.name == name } ?? ONNX_AttributeProto() }
        func each(_ function: (Float) -> Float) -> Value { Value(shape: x.shape, numbers: x.numbers.map(function)) }
        func pair(_ function: (Float, Float) -> Float) -> Value { broadcast(x, inputs[1], function) }
        switch node.opType {
        case "QuantizeLinear":
            return each { min(max(($0 / inputs[1].numbers[0]).rounded(.toNearestOrEven) + inputs[2].numbers[0], 0), 255) }
        case "DequantizeLinear": return dequantized(x, inputs)
        case "Conv": return convolution(x, weights: inputs[1], bias: inputs.count > 2 ? inputs[2].numbers : nil, node)
        case "MaxPool", "AveragePool": return pool(x, node)
        case "GlobalAveragePool":
            let positions = x.shape[2] * x.shape[3]
            return Value(
                shape: [1, x.shape[1], 1, 1],
                numbers: (0..<x.shape[1]).map { c in x.numbers[(c * positions)..<((c + 1) * positions)].reduce(0, +) / Float(positions) })
        case "Round": return each { $0.rounded(.toNearestOrEven) }
        case "Concat":
            return Value(
                shape: [1, inputs.reduce(0) { $0 + $1.shape[1] }] + x.shape.dropFirst(2), numbers: inputs.flatMap { $0.numbers })
        case "Gather": return gathered(x, inputs[1], axis: Int(attribute("axis").i))
        case "Cast", "Identity": return x
        case "Flatten": return Value(shape: [1, x.count], numbers: x.numbers)
        case "Add": return pair(+)
        case "Sub": return pair(-)
        case "Mul": return pair(*)
        case "Relu": return each { max($0, 0) }
        case "Clip":
            let low = inputs[1].numbers.first ?? -.infinity
            let high = inputs.count > 2 ? inputs[2].numbers.first ?? .infinity : .infinity
            return each { min(max($0, low), high) }
        case "HardSigmoid":
            let (alpha, beta) = (attribute("alpha").f, attribute("beta").f)
            return each { max(0, min(1, alpha * $0 + beta)) }
        case "Sigmoid": return each { 1 / (1 + exp(-$0)) }
        case "Tanh": return each { tanh($0) }
        case "Softplus": return each { max($0, 0) + log1p(exp(-abs($0))) }
        case "Erf": return each { erf($0) }
        case "Elu":
            let alpha = attribute("alpha").f
            return each { $0 < 0 ? alpha * (exp($0) - 1) : $0 }
        case "LeakyRelu":
            let alpha = attribute("alpha").f
            return each { $0 < 0 ? alpha * $0 : $0 }
        case "ThresholdedRelu":
            let alpha = attribute("alpha").f
            return each { $0 > alpha ? $0 : 0 }
        case "Softmax", "LogSoftmax":
            let exponentials = x.numbers.map { exp($0 - x.numbers.max()!) }
            let sum = exponentials.reduce(0, +)
            return Value(
                shape: x.shape, numbers: exponentials.map { node.opType == "Softmax" ? $0 / sum : log($0 / sum) })
        case "ArgMax": return Value(shape: [1, 1], numbers: [Float(x.numbers.firstIndex(of: x.numbers.max()!)!)])
        default: throw Failure(text: "\(node.opType) is no operator that an export uses")
        }
    }

    /// Of one scale, or of a scale for each index of the first axis.
    private func dequantized(_ x: Value, _ inputs: [Value]) -> Value {
        let scales = inputs[1].numbers
        let zeros = inputs.count > 2 ? inputs[2].numbers : [0]
        let each = x.count / scales.count
        return Value(
            shape: x.shape,
            numbers: x.numbers.enumerated().map { ($1 - zeros[zeros.count == 1 ? 0 : $0 / each]) * scales[$0 / each] })
    }

    private func broadcast(_ a: Value, _ b: Value, _ function: (Float, Float) -> Float) -> Value {
        if a.count < b.count { return broadcast(b, a) { function($1, $0) } }
        if a.count == b.count { return Value(shape: a.shape, numbers: zip(a.numbers, b.numbers).map(function)) }
        // A value a position, a channel, or for all.
        if b.shape.count == 4, b.shape[1] == 1, b.count > 1 {
            return Value(shape: a.shape, numbers: a.numbers.enumerated().map { function($1, b.numbers[$0 % b.count]) })
        }
        let positions = b.count == 1 ? a.count : a.count / b.count
        return Value(shape: a.shape, numbers: a.numbers.enumerated().map { function($1, b.numbers[$0 / positions]) })
    }

    private func gathered(_ x: Value, _ indices: Value, axis: Int) -> Value {
        let numbers = indices.numbers.map(Int.init)
        if axis == 0 { return Value(shape: indices.shape, numbers: numbers.map { x.numbers[$0] }) }
        let (blocks, inner) = (x.shape[..<axis].reduce(1, *), x.shape[(axis + 1)...].reduce(1, *))
        var shape = x.shape
        shape[axis] = numbers.count
        return Value(
            shape: shape,
            numbers: (0..<blocks).flatMap { block in
                numbers.flatMap { number in
                    let first = (block * x.shape[axis] + number) * inner
                    return x.numbers[first..<(first + inner)]
                }
            })
    }

    // MARK: - Windows

    private struct Window {
        let kernel: [Int], strides: [Int], pads: [Int], dilations: [Int]
        let height: Int, width: Int

        init(_ node: ONNX_NodeProto, over shape: [Int]) {
            func ints(_ name: String) -> [Int] { (node.attribute.first { $0.name == name }?.ints ?? []).map(Int.init) }
            (kernel, strides, pads) = (ints("kernel_shape"), ints("strides"), ints("pads"))
            dilations = ints("dilations").isEmpty ? [1, 1] : ints("dilations")
            height = (shape[2] + pads[0] + pads[2] - dilations[0] * (kernel[0] - 1) - 1) / strides[0] + 1
            width = (shape[3] + pads[1] + pads[3] - dilations[1] * (kernel[1] - 1) - 1) / strides[1] + 1
        }

        /// Row and column in the input, and the place in the kernel; positions outside are left out.
        func taps(_ y: Int, _ x: Int, of shape: [Int]) -> [(row: Int, column: Int, place: Int)] {
            (0..<kernel[0]).flatMap { ky in
                (0..<kernel[1]).compactMap { kx in
                    let (row, column) = (y * strides[0] - pads[0] + ky * dilations[0], x * strides[1] - pads[1] + kx * dilations[1])
                    guard (0..<shape[2]).contains(row), (0..<shape[3]).contains(column) else { return nil }
                    return (row, column, ky * kernel[1] + kx)
                }
            }
        }
    }

    private func pool(_ x: Value, _ node: ONNX_NodeProto) -> Value {
        let window = Window(node, over: x.shape)
        let countsPadding = node.attribute.contains { $0.name == "count_include_pad" && $0.i == 1 }
        var result = Value(shape: [1, x.shape[1], window.height, window.width], numbers: [])
        for c in 0..<x.shape[1] {
            for (y, column) in (0..<window.height).flatMap({ y in (0..<window.width).map { (y, $0) } }) {
                let taps = window.taps(y, column, of: x.shape).map { x.numbers[(c * x.shape[2] + $0.row) * x.shape[3] + $0.column] }
                let count = countsPadding ? window.kernel[0] * window.kernel[1] : taps.count
                result.numbers.append(node.opType == "MaxPool" ? taps.max()! : taps.reduce(0, +) / Float(count))
            }
        }
        return result
    }

    private func convolution(_ x: Value, weights: Value, bias: [Float]?, _ node: ONNX_NodeProto) -> Value {
        let window = Window(node, over: x.shape)
        let groups = Int(node.attribute.first { $0.name == "group" }!.i)
        let (outputs, channels, kernel) = (weights.shape[0], weights.shape[1], weights.shape[2] * weights.shape[3])
        var result = Value(shape: [1, outputs, window.height, window.width], numbers: [])
        for o in 0..<outputs {
            let first = o / (outputs / groups) * channels
            for (y, column) in (0..<window.height).flatMap({ y in (0..<window.width).map { (y, $0) } }) {
                let taps = window.taps(y, column, of: x.shape)
                var sum = Double(bias?[o] ?? 0)
                for c in 0..<channels {
                    for tap in taps {
                        let number = x.numbers[((first + c) * x.shape[2] + tap.row) * x.shape[3] + tap.column]
                        sum += Double(number) * Double(weights.numbers[(o * channels + c) * kernel + tap.place])
                    }
                }
                result.numbers.append(Float(sum))
            }
        }
        return result
    }
}

extension GraphInterpreter.Value {
    fileprivate init(_ tensor: ONNX_TensorProto) {
        func numbers<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number] {
            tensor.rawData.withUnsafeBytes { bytes in
                (0..<(bytes.count / MemoryLayout<Number>.size)).map {
                    bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)
                }
            }
        }
        shape = tensor.dims.map(Int.init)
        switch tensor.dataType {
        case 1: self.numbers = numbers(Float.self)
        case 2: self.numbers = numbers(UInt8.self).map(Float.init)
        case 3: self.numbers = numbers(Int8.self).map(Float.init)
        case 6: self.numbers = numbers(Int32.self).map(Float.init)
        default: self.numbers = numbers(Int64.self).map(Float.init)
        }
    }
}
