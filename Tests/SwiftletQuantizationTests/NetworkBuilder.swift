import SwiftletGraph
import SwiftletRuntime

/// Builds small networks with seeded random weights.
struct NetworkBuilder {
    var network: Network
    private var random: SplitMix64

    init(height: Int = 12, width: Int = 12, channels: Int = 3, seed: UInt64 = 1) {
        network = Network(name: "test", tensors: [Tensor(name: "input", height: height, width: width, channels: channels)])
        random = SplitMix64(seed: seed)
    }

    mutating func convolution(
        _ name: String, _ input: Int, outputs: Int, kernel: Int = 1, stride: Int = 1, groups: Int = 1, _ activation: Activation = .none,
        residual: Int? = nil, edit: (inout Convolution) -> Void = { _ in }
    ) -> Int {
        let x = network.tensors[input]
        var window = Window()
        (window.kernelHeight, window.kernelWidth, window.strideHeight, window.strideWidth) = (kernel, kernel, stride, stride)
        (window.padTop, window.padLeft, window.padBottom, window.padRight) = (kernel / 2, kernel / 2, kernel / 2, kernel / 2)
        let perOutput = kernel * kernel * x.channels / groups
        let spread = 1 / Float(perOutput).squareRoot()
        var convolution = Convolution(
            window: window, groups: groups, weights: (0..<outputs * perOutput).map { _ in random.nextNormal() * spread },
            bias: (0..<outputs).map { _ in random.nextNormal() * 0.3 }, activation: activation)
        edit(&convolution)
        let (height, width) = window.outputSize(height: x.height, width: x.width)!
        return add(
            name, .convolution(convolution), [input] + (residual.map { [$0] } ?? []), height: height, width: width, channels: outputs)
    }

    mutating func depthwise(
        _ name: String, _ input: Int, kernel: Int = 3, stride: Int = 1, _ activation: Activation = .none,
        edit: (inout Convolution) -> Void = { _ in }
    ) -> Int {
        let channels = network.tensors[input].channels
        return convolution(name, input, outputs: channels, kernel: kernel, stride: stride, groups: channels, activation, edit: edit)
    }

    mutating func globalPool(_ name: String, _ input: Int) -> Int {
        add(name, .globalAveragePool, [input], height: 1, width: 1, channels: network.tensors[input].channels)
    }

    mutating func pool(_ name: String, _ input: Int, _ kind: Pool.Kind, kernel: Int, stride: Int, countsPadding: Bool = false) -> Int {
        let x = network.tensors[input]
        var window = Window()
        (window.kernelHeight, window.kernelWidth, window.strideHeight, window.strideWidth) = (kernel, kernel, stride, stride)
        (window.padTop, window.padLeft, window.padBottom, window.padRight) = (kernel / 2, kernel / 2, kernel / 2, kernel / 2)
        let (height, width) = window.outputSize(height: x.height, width: x.width)!
        return add(
            name, .pool(Pool(kind: kind, window: window, countsPadding: countsPadding)), [input], height: height, width: width,
            channels: x.channels)
    }

    /// An element-wise layer: the output has the first input's shape.
    mutating func elementwise(_ name: String, _ operation: SwiftletGraph.Operation, _ inputs: [Int]) -> Int {
        let x = network.tensors[inputs[0]]
        return add(name, operation, inputs, height: x.height, width: x.width, channels: x.channels)
    }

    mutating func concatenate(_ name: String, _ inputs: [Int], selecting: [Int]? = nil) -> Int {
        let x = network.tensors[inputs[0]]
        let channels = selecting?.count ?? inputs.reduce(0) { $0 + network.tensors[$1].channels }
        return add(name, .concatenate(selecting: selecting), inputs, height: x.height, width: x.width, channels: channels)
    }

    mutating func resample(_ name: String, _ input: Int, rows: [Int], columns: [Int]) -> Int {
        add(
            name, .resample(rows: rows, columns: columns), [input], height: rows.count, width: columns.count,
            channels: network.tensors[input].channels)
    }

    mutating func add(_ name: String, _ operation: SwiftletGraph.Operation, _ inputs: [Int], height: Int, width: Int, channels: Int) -> Int
    {
        network.tensors.append(Tensor(name: name + ":0", height: height, width: width, channels: channels))
        network.layers.append(Layer(name: name, operation: operation, inputs: inputs, output: network.tensors.count - 1))
        network.output = network.tensors.count - 1
        return network.output
    }

    /// A classifier on the last tensor: pooled when it is a map.
    func finished(classes: Int = 10) -> Network {
        var copy = self
        var last = network.output
        if !network.tensors[last].isVector { last = copy.globalPool("pool", last) }
        _ = copy.convolution("classifier", last, outputs: classes)
        return copy.network
    }

    /// A stem, an inverted residual with squeeze-and-excite and hard-swish, a head: all that MobileNetV3 has.
    static func mobile(seed: UInt64 = 1) -> Network {
        var b = NetworkBuilder(seed: seed)
        let stem = b.convolution("stem", 0, outputs: 8, kernel: 3, stride: 2, .hardSwish)
        let expand = b.convolution("expand", stem, outputs: 24, .relu)
        let depthwise = b.depthwise("depthwise", expand, kernel: 5, .hardSwish)
        let squeeze = b.globalPool("squeeze", depthwise)
        let reduce = b.convolution("reduce", squeeze, outputs: 6, .relu)
        let gate = b.convolution("gate", reduce, outputs: 24, .hardSigmoid(slope: 1.0 / 6, offset: 0.5))
        let excite = b.elementwise("excite", .multiply, [depthwise, gate])
        let project = b.convolution("project", excite, outputs: 8, residual: stem)
        let head = b.convolution("head", project, outputs: 32, .clip(low: 0, high: 6))
        let pooled = b.globalPool("pool", head)
        let features = b.convolution("features", pooled, outputs: 40, .hardSwish)
        _ = b.convolution("classifier", features, outputs: 10)
        return b.network
    }
}
