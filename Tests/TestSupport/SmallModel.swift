import SwiftletRuntime

/// A small int8 network that has every int8 operator once: built in code, so that tests need no file.
package struct SmallModel {
    package private(set) var builder = ModelBuilder(name: "small")
    private var random: SplitMix64

    /// A picture of 17 x 15 and 3 channels to 10 logits.
    package static func bytes(seed: UInt64 = 1) -> [UInt8] {
        var model = SmallModel(seed: seed)
        model.build()
        return model.builder.finish()
    }

    /// The same with a map, the logits under an argmax, and a vector in the middle as outputs.
    package static func withSeveralOutputs(seed: UInt64 = 1) -> ModelBuilder {
        var model = SmallModel(seed: seed)
        model.build()
        func number(_ name: String) -> Int { model.builder.tensors.firstIndex { areEqual($0.name, name) }! }
        model.builder.outputs = [
            OutputDescription(name: "map", tensor: number("join")),
            OutputDescription(name: "logits", tensor: number("classifier"), head: .argMax),
            OutputDescription(name: "early", tensor: number("depthwise")),
            OutputDescription(name: "gate", tensor: number("excite"), head: .sigmoid),
        ]
        return model.builder
    }

    private init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    private mutating func build() {
        let picture = tensor("picture", 17, 15, 3)
        let stem = convolution("stem", picture, 17, 15, 3, to: 16, kernel: 3, stride: 2, activation: .hardSwish)
        let expanded = convolution("expand", stem, 9, 8, 16, to: 24)
        let deep = convolution("depthwise", expanded, 9, 8, 24, to: 24, kernel: 5, groups: 24, activation: .hardSwish)
        let pooled = globalPool("squeeze.pool", deep, 24)
        let squeezed = convolution("squeeze", pooled, 1, 1, 24, to: 6)
        let gate = convolution("excite", squeezed, 1, 1, 6, to: 24)
        let gated = multiply("gate", deep, gate, 9, 8, 24)
        let projected = convolution("project", gated, 9, 8, 24, to: 16, residual: stem)
        let tabled = table("table", projected, 9, 8, 16)
        let smaller = pool("maximum", tabled, isMax: true)
        let average = pool("average", projected, isMax: false)
        let sum = add("sum", smaller, average)
        let joined = concatenate("join", sum, smaller)
        let vector = globalPool("pool", joined, 32)
        let logits = convolution("classifier", vector, 1, 1, 32, to: 10)
        builder.input = picture
        builder.output = logits
        builder.preprocessing = Preprocessing(resize: .exact(height: 17, width: 15), cropHeight: 0, cropWidth: 0)
        builder.labels = (0..<10).map { "class \($0)" }
        builder.provenance = [("source", "SmallModel")]
    }

    private mutating func tensor(_ name: String, _ height: Int, _ width: Int, _ channels: Int, scale: ClosedRange<Float> = 0.01...0.03)
        -> Int
    {
        let isVector = height * width == 1
        let count = isVector ? 1 : channels
        return builder.add(
            TensorDescription(
                name: name, type: .int8, height: height, width: width, channels: channels,
                scales: (0..<count).map { _ in Float.random(in: scale, using: &random) },
                zeros: (0..<count).map { _ in Int8.random(in: -100...20, using: &random) }))
    }

    private mutating func convolution(
        _ name: String, _ input: Int, _ height: Int, _ width: Int, _ channels: Int, to outputs: Int, kernel: Int = 1, stride: Int = 1,
        groups: Int = 1, activation: LoweredActivation = .linear, residual: Int? = nil
    ) -> Int {
        let output = tensor(name, (height + stride - 1) / stride, (width + stride - 1) / stride, outputs)
        let kind: OperatorKind = groups > 1 ? .depthwiseInt8 : .convolutionInt8
        var operation = OperatorDescription(kind: kind, name: name, inputs: [input] + (residual.map { [$0] } ?? []), output: output)
        operation.window = LoweredWindow(kernel: kernel, stride: stride, padding: kernel / 2)
        operation.groups = groups
        operation.activation = activation
        let perOutput = kernel * kernel * channels / groups
        let spread = 128 * 60 * Float(perOutput).squareRoot()
        operation.weights = (0..<(outputs * perOutput)).map { _ in Int8.random(in: -127...127, using: &random) }
        operation.bias = (0..<outputs).map { _ in Int32.random(in: -2000...2000, using: &random) }
        operation.multiplier = (0..<outputs).map { _ in
            Float.random(in: 0.7...1.3, using: &random) * (activation == .hardSwish ? 4 : 100) / spread
        }
        if residual != nil { operation.secondMultiplier = (0..<outputs).map { _ in Float.random(in: 0.5...1, using: &random) } }
        builder.add(operation)
        return output
    }

    private mutating func globalPool(_ name: String, _ input: Int, _ channels: Int) -> Int {
        let output = tensor(name, 1, 1, channels)
        var operation = OperatorDescription(kind: .globalPoolInt8, name: name, inputs: [input], output: output)
        operation.bias = (0..<channels).map { _ in Int32.random(in: -500...500, using: &random) }
        operation.multiplier = (0..<channels).map { _ in Float.random(in: 0.005...0.02, using: &random) }
        builder.add(operation)
        return output
    }

    private mutating func multiply(_ name: String, _ input: Int, _ gate: Int, _ height: Int, _ width: Int, _ channels: Int) -> Int {
        let output = tensor(name, height, width, channels)
        var operation = OperatorDescription(kind: .multiplyInt8, name: name, inputs: [input, gate], output: output)
        operation.multiplier = (0..<channels).map { _ in Float.random(in: 0.002...0.01, using: &random) }
        builder.add(operation)
        return output
    }

    private mutating func table(_ name: String, _ input: Int, _ height: Int, _ width: Int, _ channels: Int) -> Int {
        let output = tensor(name, height, width, channels)
        var operation = OperatorDescription(kind: .tableInt8, name: name, inputs: [input], output: output)
        operation.table = (0..<(256 * channels)).map { _ in UInt8.random(in: 0...255, using: &random) }
        builder.add(operation)
        return output
    }

    private mutating func pool(_ name: String, _ input: Int, isMax: Bool) -> Int {
        let output = tensor(name, 4, 4, 16)
        var operation = OperatorDescription(kind: .poolInt8, name: name, inputs: [input], output: output)
        operation.window = LoweredWindow(kernel: 2, stride: 2, padding: 0)
        operation.isMaxPool = isMax
        if !isMax { operation.multiplier = (0..<16).map { _ in Float.random(in: 0.5...1.5, using: &random) } }
        builder.add(operation)
        return output
    }

    private mutating func add(_ name: String, _ a: Int, _ b: Int) -> Int {
        let output = tensor(name, 4, 4, 16)
        var operation = OperatorDescription(kind: .addInt8, name: name, inputs: [a, b], output: output)
        operation.multiplier = (0..<16).map { _ in Float.random(in: 0.3...0.9, using: &random) }
        operation.secondMultiplier = (0..<16).map { _ in Float.random(in: 0.3...0.9, using: &random) }
        builder.add(operation)
        return output
    }

    private mutating func concatenate(_ name: String, _ a: Int, _ b: Int) -> Int {
        let output = tensor(name, 4, 4, 32)
        builder.add(OperatorDescription(kind: .concatenate, name: name, inputs: [a, b], output: output))
        return output
    }
}
