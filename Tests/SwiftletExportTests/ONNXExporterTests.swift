import SwiftletExport
import SwiftletImport
import SwiftletRuntime
import TestSupport
import Testing

/// Exported graphs compute what a session computes: every operator, by ONNX's own definitions.
struct ONNXExporterTests {
    /// Every kind of operator, in forms that are exported in different ways.
    static let cases: [OperatorCase] = {
        var cases: [OperatorCase] = []
        func add(_ name: String, _ kind: OperatorKind, _ edit: (inout OperatorCase) -> Void = { _ in }) {
            var one = OperatorCase(name, kind)
            edit(&one)
            cases.append(one)
        }
        let padded = LoweredWindow(kernel: 3, stride: 2, padding: 1)
        var uneven = LoweredWindow(kernel: 2, stride: 1, padding: 0)
        (uneven.kernelWidth, uneven.padRight, uneven.dilationHeight) = (3, 2, 2)
        for zero in [nil, Int8(-128), 5] {
            let label = zero.map { "zero \($0)" } ?? "zeros"
            add("pointwise, \(label)", .convolutionInt8) { ($0.inputZero, $0.channels, $0.outputs) = (zero, 7, 5) }
            add("padded, \(label)", .convolutionInt8) { ($0.inputZero, $0.outputZero, $0.window) = (zero, zero, padded) }
            add("depthwise, \(label)", .depthwiseInt8) { ($0.inputZero, $0.window, $0.activation) = (zero, padded, .hardSwish) }
            add("global pool, \(label)", .globalPoolInt8) { $0.inputZero = zero }
            add("average, \(label)", .poolInt8) { ($0.inputZero, $0.window) = (zero, padded) }
            add("product, \(label)", .multiplyInt8) { $0.inputZero = zero }
            add("sum, \(label)", .addInt8) { ($0.inputZero, $0.outputZero) = (zero, zero) }
        }
        add("uneven", .convolutionInt8) { $0.window = uneven }
        add("groups", .convolutionInt8) { ($0.groups, $0.window) = (4, padded) }
        add("residual", .convolutionInt8) { $0.hasResidual = true }
        add("gate", .multiplyInt8) { $0.hasGate = true }
        add("maximum", .poolInt8) { ($0.isMaxPool, $0.window) = (true, padded) }
        add("average of all", .poolInt8) { ($0.poolCountsPadding, $0.window, $0.multiplier) = (true, padded, 1) }
        add("table", .tableInt8)
        add("one table", .tableInt8) { $0.tableIsPerChannel = false }
        add("quantize", .quantize) { $0.channels = 5 }
        add("dequantize", .dequantize)
        add("join", .concatenate)
        add("select", .concatenate) { $0.selects = true }
        add("resample", .resample)
        add("offsets", .convolutionInt8) { $0.inputOffset = -4.3 }
        add("maps", .convolutionInt8) { $0.maps = 2 }
        add("float convolution", .convolutionFloat) { ($0.window, $0.channels, $0.outputs) = (padded, 7, 5) }
        add("float residual", .convolutionFloat) { ($0.hasResidual, $0.activation) = (true, .relu) }
        add("float depthwise", .depthwiseFloat) { ($0.window, $0.activation) = (padded, .hardSwish) }
        add("float global pool", .globalPoolFloat)
        add("float maximum", .poolFloat) { ($0.isMaxPool, $0.window) = (true, padded) }
        add("float average", .poolFloat) { $0.window = padded }
        add("float gate", .multiplyFloat) { $0.hasGate = true }
        add("float sum", .addFloat) { ($0.activation, $0.hasGate) = (.relu, true) }
        for (activation, a, b) in activations {
            add("\(activation)", .activationFloat) { ($0.activation, $0.activationA, $0.activationB) = (activation, a, b) }
        }
        return cases
    }()

    private static let activations: [(LoweredActivation, Float, Float)] = [
        (.linear, 0, 0), (.relu, 0, 0), (.clip, -0.5, 0.75), (.clip, -.infinity, 0.5), (.clip, -0.5, .infinity), (.hardSwish, 0, 0),
        (.hardSigmoid, 0.2, 0.5), (.sigmoid, 0, 0), (.swish, 0, 0), (.leakyRelu, 0.1, 0), (.elu, 1.5, 0), (.tanh, 0, 0), (.softplus, 0, 0),
        (.mish, 0, 0), (.gelu, 0, 0), (.geluTanh, 0, 0), (.thresholdedRelu, 0.3, 0),
    ]

    @Test(arguments: cases.indices) func operatorsComputeTheSame(_ index: Int) throws {
        let one = ONNXExporterTests.cases[index]
        try compare(one.model(), one.name)
    }

    /// Every int8 operator in one network: three times, since weights, scales and zero points are random.
    @Test(arguments: [1, 2, 3] as [UInt64]) func networksComputeTheSame(_ seed: UInt64) throws {
        try compare(ModelBuilder(reading: SmallModel.bytes(seed: seed)), "small")
        try compare(SmallModel.withSeveralOutputs(seed: seed), "several outputs")
    }

    /// A case's picture: the session's outputs beside the graph's.
    private func compare(_ builder: ModelBuilder, _ name: String) throws {
        let model = try Model(bytes: builder.finish())
        let (channelsLast, planes) = picture(model.inputShape)
        let session = try Session(model)
        try channelsLast.withUnsafeBufferPointer { try session.setInput(values: $0) }
        session.run()
        for (isFused, isSigned) in [(false, false), (false, true), (true, false)] {
            var options = ONNXExporter.Options()
            (options.isFused, options.signedWeights) = (isFused, isSigned)
            var exporter = ONNXExporter(builder, options)
            let file = try exporter.run()
            let results = try GraphInterpreter.run(file, input: planes)
            #expect(file.graph.output.map(\.name) == model.outputs.map(\.name))
            for (index, output) in model.outputs.enumerated() {
                let (expected, found) = (session.sourceValues(of: index), try #require(results[output.name]))
                #expect(found.shape == [1] + output.sourceShape, "\(name)")
                let tensor = model.tensors[output.tensor]
                // What float32 rounds otherwise is a step off where the graph is not exact, and little more in the operators after it.
                let steps: Float = tensor.type == .int8 && isFused ? 2 : 0
                let distance = zip(expected, found.numbers).map { abs($0 - $1) }.max()!
                let allowed = steps * (tensor.scales.max() ?? 0) + 1e-5 * expected.map(abs).max()!
                #expect(distance <= allowed, "\(name), fused \(isFused): \(output.name) is \(distance) off, not \(allowed)")
            }
        }
    }

    private func picture(_ shape: Model.InputShape) -> (channelsLast: [Float], planes: [Float]) {
        var random = SplitMix64(seed: 7)
        let values = (0..<shape.count).map { _ in random.nextNormal() }
        let positions = shape.height * shape.width
        let planes = (0..<shape.count).map { values[$0 % positions * shape.channels + $0 / positions] }
        return (values, planes)
    }

    // MARK: - What other runtimes ask for

    /// Runtimes fuse, and some misread, a scale or a zero point a channel of an activation: all have one value.
    @Test func activationsHaveOneScaleAndZeroPoint() throws {
        var exporter = ONNXExporter(try ModelBuilder(reading: SmallModel.bytes()))
        let file = try exporter.run()
        let constants = Dictionary(uniqueKeysWithValues: file.graph.initializer.map { ($0.name, $0) })
        for node in file.graph.node where node.opType.hasSuffix("quantizeLinear") || node.opType == "QuantizeLinear" {
            let isConstant = constants[node.input[0]] != nil
            for parameter in node.input.dropFirst() { #expect(constants[parameter]!.dims.isEmpty != isConstant, "\(node.name)") }
        }
        #expect(file.irVersion == 7)
        #expect(file.opsetImport.map(\.version) == [13])
    }

    /// To be fused, a convolution on one grid a tensor is the nodes that int8 kernels are put in place of.
    @Test func fusedConvolutionIsPlain() throws {
        var one = OperatorCase("one", .convolutionInt8)
        (one.height, one.width, one.inputZero, one.outputZero) = (1, 1, -128, 3)
        var options = ONNXExporter.Options()
        options.isFused = true
        var exporter = ONNXExporter(one.model(), options)
        let file = try exporter.run()
        #expect(
            file.graph.node.map(\.opType) == [
                "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "DequantizeLinear", "Conv", "QuantizeLinear", "DequantizeLinear",
                "Flatten",
            ])
    }

    @Test func headsArePutBackOrLeftOff() throws {
        let builder = SmallModel.withSeveralOutputs()
        var exporter = ONNXExporter(builder)
        let file = try exporter.run()
        #expect(file.graph.node.map(\.opType).contains("ArgMax"))
        #expect(file.graph.output[1].type.tensorType.elemType == 7)
        var options = ONNXExporter.Options()
        options.keepsHeads = false
        exporter = ONNXExporter(builder, options)
        let logits = try exporter.run()
        #expect(!logits.graph.node.contains { ["ArgMax", "Sigmoid"].contains($0.opType) })
        #expect(logits.graph.output.allSatisfy { $0.type.tensorType.elemType == 1 })
    }

    @Test func metadataSayWhatTheFileSays() throws {
        var builder = try ModelBuilder(reading: SmallModel.bytes())
        builder.provenance = [("source", "m.onnx"), ("labels", "another"), ("source", "twice")]
        var exporter = ONNXExporter(builder)
        let entries = try exporter.run().metadataProps
        #expect(entries.map(\.key) == ["labels", "preprocessing", "source"])
        #expect(entries[0].value.hasPrefix(#"["class 0","class 1""#))
        #expect(entries[1].value.contains(#""resize":"17x15""#))
        #expect(entries[2].value == "m.onnx")
    }
}
