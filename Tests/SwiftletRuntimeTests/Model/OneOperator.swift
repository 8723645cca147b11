@testable import SwiftletRuntime

/// Networks of one operator and of nothing good: what the reader must find out.
enum OneOperator {
    /// [height][width][channels] to a vector: a convolution over the whole map, int8, which `change` may spoil.
    static func convolution(
        height: Int = 1, width: Int = 1, channels: Int = 4, outputs: Int = 2, _ change: (inout OperatorDescription) -> Void = { _ in }
    ) -> ModelBuilder {
        var builder = ModelBuilder(name: "one")
        builder.input = builder.add(int8("input", height, width, channels))
        builder.output = builder.add(int8("output", 1, 1, outputs))
        var operation = OperatorDescription(kind: .convolutionInt8, name: "o", inputs: [builder.input], output: builder.output)
        operation.window.kernelHeight = Int32(height)
        operation.window.kernelWidth = Int32(width)
        operation.weights = [Int8](repeating: 1, count: outputs * height * width * channels)
        operation.bias = [Int32](repeating: 0, count: outputs)
        operation.multiplier = [Float](repeating: 0.01, count: outputs)
        change(&operation)
        builder.add(operation)
        return finished(builder)
    }

    static func float(channels: Int = 4, kind: OperatorKind = .convolutionFloat, _ change: (inout OperatorDescription) -> Void)
        -> ModelBuilder
    {
        var builder = ModelBuilder(name: "one")
        builder.input = builder.add(TensorDescription(name: "input", type: .float32, height: 1, width: 1, channels: channels))
        builder.output = builder.add(TensorDescription(name: "output", type: .float32, height: 1, width: 1, channels: channels))
        var operation = OperatorDescription(kind: kind, name: "o", inputs: [builder.input], output: builder.output)
        if kind == .convolutionFloat {
            operation.floatWeights = [Float](repeating: 0.5, count: channels * channels)
            operation.floatBias = [Float](repeating: 0, count: channels)
        }
        change(&operation)
        builder.add(operation)
        return finished(builder)
    }

    /// Over `side` x `side` positions, with windows of `kernel` x `kernel`, and the mean of all.
    static func maxPool(side: Int, kernel: Int, groups: Int = 1) -> ModelBuilder {
        var builder = ModelBuilder(name: "one")
        builder.input = builder.add(int8("input", side, side, 1))
        let rest = side - kernel + 1
        let pooled = builder.add(int8("pooled", rest, rest, 1))
        builder.output = builder.add(int8("output", 1, 1, 1))
        var pool = OperatorDescription(kind: .poolInt8, name: "pool", inputs: [builder.input], output: pooled)
        pool.window = LoweredWindow(kernel: kernel, stride: 1, padding: 0)
        pool.isMaxPool = true
        pool.groups = groups
        builder.add(pool)
        var mean = OperatorDescription(kind: .globalPoolInt8, name: "mean", inputs: [pooled], output: builder.output)
        (mean.bias, mean.multiplier) = ([0], [1e-6])
        builder.add(mean)
        return finished(builder)
    }

    static func int8(_ name: String, _ height: Int, _ width: Int, _ channels: Int) -> TensorDescription {
        TensorDescription(name: name, type: .int8, height: height, width: width, channels: channels, scales: [0.1], zeros: [0])
    }

    static func finished(_ builder: ModelBuilder) -> ModelBuilder {
        var builder = builder
        builder.preprocessing = Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0)
        return builder
    }

    /// What the reader says; nil when it takes the model.
    static func error(_ builder: ModelBuilder, allowsLarge: Bool = false) -> SwiftletError? {
        do {
            _ = try Model(bytes: builder.finish(), allowsLarge: allowsLarge)
            return nil
        } catch {
            return error
        }
    }
}
