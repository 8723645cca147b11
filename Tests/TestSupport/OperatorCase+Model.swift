import SwiftletRuntime

extension OperatorCase {
    /// The model, for `finish()` to write; nothing is checked.
    package func model() -> ModelBuilder {
        var random = SplitMix64(seed: seed)
        var builder = ModelBuilder(name: name)
        let input = addTensor(
            to: &builder, "input", height, width, channels, isFloat: takesFloat, scale: inputScale, zero: inputZero, &random)
        builder.input = input
        if let inputOffset { builder.inputOffsets = [Float](repeating: inputOffset, count: channels) }
        let inputs = operands(&builder, input, &random)
        let (h, w) = outputSize
        let output = addTensor(
            to: &builder, "output", max(h, 1), max(w, 1), outputChannels, isFloat: givesFloat, scale: outputScale, zero: outputZero, &random
        )
        var operation = OperatorDescription(kind: kind, name: "operator", inputs: inputs, output: output)
        operation.window = window
        operation.groups = actualGroups
        operation.activation = activation
        (operation.activationA, operation.activationB) = (activationA, activationB)
        (operation.isMaxPool, operation.poolCountsPadding) = (isMaxPool, poolCountsPadding)
        fill(&operation, &random)
        builder.add(operation)
        builder.output = h * w > 1 ? addPool(to: &builder, output, outputChannels, isFloat: givesFloat, positions: h * w, &random) : output
        for number in 0..<maps {
            builder.outputs.append(OutputDescription(name: mapName ?? "map\(number)", tensor: output, head: mapHead))
        }
        if maps > 0 { builder.outputs[0].name = "vector" }
        builder.preprocessing = Preprocessing(resize: .exact(height: height, width: width), cropHeight: 0, cropWidth: 0)
        return builder
    }

    private func addTensor(
        to builder: inout ModelBuilder, _ name: String, _ height: Int, _ width: Int, _ channels: Int, isFloat: Bool, scale: Float = 0.02,
        zero: Int8? = nil, _ random: inout SplitMix64
    ) -> Int {
        var tensor = TensorDescription(name: name, type: isFloat ? .float32 : .int8, height: height, width: width, channels: channels)
        if !isFloat {
            let count = channels > 256 ? 1 : channels  // wide tensors take a file's bytes for nothing
            tensor.scales = [Float](repeating: scale, count: count)
            tensor.zeros = (0..<count).map { _ in zero ?? Int8(truncatingIfNeeded: random.next()) }
        }
        return builder.add(tensor)
    }

    /// The operator's inputs: what is not the model's is made by other operators.
    private func operands(_ builder: inout ModelBuilder, _ input: Int, _ random: inout SplitMix64) -> [Int] {
        switch kind.traits.inputs {
        case .pair, .pairOrGate:
            if hasGate { return [input, addPool(to: &builder, input, channels, isFloat: takesFloat, positions: height * width, &random)] }
            return [input, addOther(to: &builder, input, &random)]
        case .several:
            return [input, addOther(to: &builder, input, &random), input]
        case .one: return [input]
        case .oneOrResidual: return hasResidual ? [input, input] : [input]
        }
    }

    /// A tensor of the input's shape with other values.
    private func addOther(to builder: inout ModelBuilder, _ input: Int, _ random: inout SplitMix64) -> Int {
        let other = addTensor(
            to: &builder, "other", height, width, channels, isFloat: takesFloat, scale: inputScale, zero: inputZero, &random)
        var operation = OperatorDescription(kind: takesFloat ? .activationFloat : .tableInt8, name: "other", inputs: [input], output: other)
        if takesFloat {
            operation.activation = .relu
        } else {
            operation.table = (0..<256).map { UInt8(255 - $0) }
        }
        builder.add(operation)
        return other
    }

    private func addPool(
        to builder: inout ModelBuilder, _ input: Int, _ channels: Int, isFloat: Bool, positions: Int, _ random: inout SplitMix64
    ) -> Int {
        let vector = addTensor(to: &builder, "vector", 1, 1, channels, isFloat: isFloat, &random)
        var operation = OperatorDescription(
            kind: isFloat ? .globalPoolFloat : .globalPoolInt8, name: "pool", inputs: [input], output: vector)
        if !isFloat {
            operation.bias = [Int32](repeating: 0, count: channels)
            operation.multiplier = [Float](repeating: min(0.5, 3 / Float(positions).squareRoot()), count: channels)
        }
        builder.add(operation)
        return vector
    }

    // MARK: - Parameters

    private func fill(_ operation: inout OperatorDescription, _ random: inout SplitMix64) {
        let channels = outputChannels
        let groups = max(actualGroups, 1)
        // A pool's window over all its channels may be more than 32 bits count, and has no weights.
        let perOutput = isConvolution ? max(Int(window.kernelHeight) * Int(window.kernelWidth) * (self.channels / groups), 0) : 0
        switch kind {
        case .convolutionInt8, .depthwiseInt8:
            operation.weights = weightValues(channels * perOutput, &random)
            operation.bias = (0..<channels).map { _ in bias ?? Int32(truncatingIfNeeded: random.next() % 4001) - 2000 }
            operation.multiplier = factors(
                multiplier, activation == .hardSwish ? 0.0005 : 0.01 / Float(max(perOutput, 1)).squareRoot(), channels, &random)
            if hasResidual { operation.secondMultiplier = factors(secondMultiplier, 0.7, channels, &random) }
        case .globalPoolInt8:
            operation.bias = (0..<channels).map { _ in bias ?? Int32(truncatingIfNeeded: random.next() % 1001) - 500 }
            operation.multiplier = factors(multiplier, min(0.4, 1 / Float(height * width)), channels, &random)
        case .poolInt8:
            if !isMaxPool { operation.multiplier = factors(multiplier, 1, channels, &random) }
        case .multiplyInt8:
            operation.multiplier = factors(multiplier, 0.005, channels, &random)
        case .addInt8:
            operation.multiplier = factors(multiplier, 0.5, channels, &random)
            operation.secondMultiplier = factors(secondMultiplier, 0.5, channels, &random)
        case .tableInt8:
            operation.table = tableValues(tableIsPerChannel ? 256 * channels : 256, &random)
        case .concatenate where selects:
            var order = (0..<channels).map { UInt16(truncatingIfNeeded: $0 * 7 % channels) }
            if let firstSelected { order[0] = firstSelected }
            operation.table = order.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        case .resample:
            var rows = (0..<height + 1).map { UInt16(truncatingIfNeeded: $0 * 7 % height) }
            if let firstSelected { rows[0] = firstSelected }
            let positions = rows + (0..<width + 2).map { UInt16(truncatingIfNeeded: $0 * 3 % width) }
            operation.table = positions.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        case .quantize:
            operation.multiplier = factors(multiplier, 50, channels, &random)
            operation.offsets = (0..<channels).map { _ in offset ?? Float(Int32(truncatingIfNeeded: random.next() % 401) - 200) / 4 }
        case .dequantize:
            operation.multiplier = factors(multiplier, 0.02, channels, &random)
        case .convolutionFloat, .depthwiseFloat:
            operation.floatWeights = (0..<(channels * perOutput)).map { _ in floatWeight ?? random.nextNormal() }
            operation.floatBias = (0..<channels).map { _ in random.nextNormal() }
        default: break
        }
    }

    /// `value` for all channels, or about `typical`.
    private func factors(_ value: Float?, _ typical: Float, _ count: Int, _ random: inout SplitMix64) -> [Float] {
        (0..<count).map { _ in value ?? typical * (0.75 + Float(random.next() % 256) / 512) }
    }

    private func weightValues(_ count: Int, _ random: inout SplitMix64) -> [Int8] {
        switch weights {
        case .random: (0..<count).map { _ in Int8(truncatingIfNeeded: Int(random.next() % 255) - 127) }
        case .lowest: [Int8](repeating: lowestWeight, count: count)
        case .highest: [Int8](repeating: 127, count: count)
        case .alternating: (0..<count).map { $0 % 2 == 0 ? 127 : lowestWeight }
        }
    }

    private func tableValues(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
        switch table {
        case .random: (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case .lowest: [UInt8](repeating: 0, count: count)
        case .highest: [UInt8](repeating: 255, count: count)
        case .alternating: (0..<count).map { $0 % 2 == 0 ? 255 : 0 }
        }
    }
}
