import SwiftletRuntime

/// Between int8 activations and what float32 operators compute with.
extension ONNXExporter {
    /// A tensor in real values.
    mutating func realValue(_ number: Int) -> String {
        let tensor = tensor(number)
        guard tensor.type == .int8 else { return value(number) }
        return steps(number, times: (0..<tensor.channels).map(tensor.scale), name: "\(tensor.name)/real")
    }

    /// (q - zero[c]) * factor[c] of an int8 tensor: in one DequantizeLinear where all channels have the same of both.
    /// - Parameter factors: by channel; nil: 1.
    mutating func steps(_ number: Int, times factors: [Float]? = nil, name: String) -> String {
        let tensor = tensor(number)
        guard let zero = tensor.commonZero else {
            let integers = dequantized(number, zero: 0, name: name)
            let zeros = channelConstant((0..<tensor.channels).map { Float(tensor.zero($0)) }, name: "\(name)/zero")
            return scaled(graph.node("Sub", [integers, zeros], name: name), by: factors, name: name)
        }
        guard let factors, factors.common == nil else {
            return dequantized(number, scale: factors?.common ?? 1, zero: zero, name: name)
        }
        return scaled(dequantized(number, zero: zero, name: name), by: factors, name: name)
    }

    /// (q - zero) * scale of an int8 tensor.
    /// - Parameter zero: any, of the .slet's int8 values.
    mutating func dequantized(_ number: Int, scale: Float = 1, zero: Int, name: String) -> String {
        let parameters = [graph.scalar(scale), graph.zeroPoint(UInt8(zero + 128))]
        return graph.node("DequantizeLinear", [value(number)] + parameters, name: "\(name)/steps")
    }

    /// `value` times a factor a channel; itself where all are 1.
    mutating func scaled(_ value: String, by factors: [Float]?, name: String) -> String {
        guard let factors, factors.common != 1 else { return value }
        return graph.node("Mul", [value, channelConstant(factors, name: "\(name)/factor")], name: name)
    }

    /// `value` and an addend a channel; itself where all are 0.
    mutating func shifted(_ value: String, by addends: [Float], name: String) -> String {
        addends.common == 0 ? value : graph.node("Add", [value, channelConstant(addends, name: "\(name)/shift")], name: name)
    }

    /// q + 128 of what counts steps of the output's grid from its zero points on.
    mutating func quantized(_ value: String, to tensor: TensorDescription, name: String) -> String {
        var steps = value
        // Before zero points are added: the sum of a fraction and one may be rounded to half a step. Else it is another wall, which keeps
        // the factors before it out of QuantizeLinear's scale.
        if !options.isFused || tensor.commonZero == nil { steps = graph.node("Round", [value], name: "\(name)/steps") }
        if let zero = tensor.commonZero { return quantized(steps, zero: zero, name: name) }
        let zeros = (0..<tensor.channels).map { Float(tensor.zero($0)) }
        return quantized(shifted(steps, by: zeros, name: "\(name)/steps"), zero: 0, name: name)
    }

    /// q + 128, where q = rne(value * factor[c] + offset[c]).
    mutating func quantized(_ value: String, factors: [Float], offsets: [Float], to tensor: TensorDescription, name: String) -> String {
        let name = "\(name)/int8"
        if let zero = tensor.commonZero, offsets.common == Float(zero), let scale = tensor.scales.common, factors.common == 1 / scale {
            return graph.node("QuantizeLinear", [value, graph.scalar(scale), graph.zeroPoint(UInt8(zero + 128))], name: name)
        }
        let steps = scaled(value, by: factors, name: "\(name)/steps")
        return quantized(shifted(steps, by: offsets, name: "\(name)/steps"), zero: 0, name: name)
    }

    mutating func quantized(_ value: String, zero: Int, name: String) -> String {
        graph.node("QuantizeLinear", [value, graph.scalar(1), graph.zeroPoint(UInt8(zero + 128))], name: name)
    }

    /// A constant that is multiplied with, or added to, [N][C][H][W]: a scalar where all channels have the same.
    mutating func channelConstant(_ values: [Float], name: String) -> String {
        if let value = values.common { return graph.scalar(value) }
        return graph.floats(values, [1, values.count, 1, 1], name: name)
    }
}

extension TensorDescription {
    /// The zero point of all channels; nil where they have several.
    var commonZero: Int? { zeros.common.map(Int.init) }
}

extension Array where Element: Equatable {
    /// What all elements are; nil where they differ, or there are none.
    var common: Element? { first.flatMap { first in allSatisfy { $0 == first } ? first : nil } }
}
