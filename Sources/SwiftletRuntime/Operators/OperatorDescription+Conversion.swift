extension OperatorDescription {
    /// float32 to int8 on a tensor's grid.
    /// - Parameters:
    ///   - tensor: the int8 one.
    ///   - offsets: [channels] zero points that may be fractional; empty: the tensor's.
    package static func quantization(_ name: String, to tensor: TensorDescription, offsets: [Float], from input: Int, to output: Int)
        -> OperatorDescription
    {
        var operation = OperatorDescription(kind: .quantize, name: name, inputs: [input], output: output)
        operation.multiplier = (0..<tensor.channels).map { 1 / tensor.scale($0) }
        operation.offsets = offsets.isEmpty ? (0..<tensor.channels).map { Float(tensor.zero($0)) } : offsets
        return operation
    }

    /// int8 on a tensor's grid to float32.
    /// - Parameter tensor: the int8 one.
    package static func dequantization(_ name: String, of tensor: TensorDescription, from input: Int, to output: Int)
        -> OperatorDescription
    {
        var operation = OperatorDescription(kind: .dequantize, name: name, inputs: [input], output: output)
        operation.multiplier = (0..<tensor.channels).map { tensor.scale($0) }
        return operation
    }
}

extension TensorDescription {
    /// The tensor before it is quantized, or after it is converted back.
    package var inFloat: TensorDescription {
        TensorDescription(name: name, type: .float32, height: height, width: width, channels: channels)
    }
}
