import SwiftletRuntime

/// Builds a `.slet` of an architecture with seeded random weights, for measuring without a download.
///
/// In int8 every channel's grid is what `ChannelMoments` predicts it to need, so that values use their range as a trained network's do.
/// That is right for timing; how well int8 does is for the quantizer and real pictures to say.
package struct RandomModel: ArchitectureVisitor {
    /// A tensor of the file and what its values are expected to be.
    package struct Map {
        let tensor: Int
        let moments: ChannelMoments
    }

    private var builder: ModelBuilder
    private var weights: RandomWeights
    private let precision: ElementType

    /// The bytes of the file.
    /// - Parameters:
    ///   - precision: of all operators.
    ///   - seed: gives the same weights as the desk's importer does for it.
    package static func bytes(of architecture: Architecture, precision: ElementType, seed: UInt64 = 1) -> [UInt8] {
        var model = RandomModel(name: architecture.name, precision: precision, seed: seed)
        let input = model.input(size: architecture.inputSize)
        model.builder.outputs = [OutputDescription(name: "", tensor: architecture.walk(&model, input: input).tensor)]
        model.builder.preprocessing = architecture.family.preprocessing
        model.builder.preprocessing.cropHeight = architecture.inputSize
        model.builder.preprocessing.cropWidth = architecture.inputSize
        model.builder.provenance = [("source", "random weights, seed \(seed)")]
        return model.builder.finish()
    }

    private init(name: String, precision: ElementType, seed: UInt64) {
        builder = ModelBuilder(name: name)
        weights = RandomWeights(seed: seed)
        self.precision = precision
    }

    private mutating func input(size: Int) -> Map {
        // Pixels from 0 to 255 after the mean is subtracted and the deviation divided out.
        let grid = precision == .int8 ? RandomGrid(from: -2.2, to: 2.7, channels: 3) : nil
        builder.input = addTensor("input", size: size, channels: 3, grid)
        return Map(tensor: builder.input, moments: .picture)
    }

    // MARK: Operators

    package mutating func convolution(_ layer: ArchitectureLayer, _ x: Map, residual: Map?) -> Map {
        let (floatWeights, floatBias, moments) = weights.parameters(for: layer, input: x.moments, residual: residual?.moments)
        let isDepthwise = layer.groups > 1
        let grid = outputGrid(moments, layer.activation, isVector: layer.outputSize == 1)
        let output = addTensor(layer.role.name, size: layer.outputSize, channels: layer.outputs, grid)
        let inputs = [x.tensor] + (residual.map { [$0.tensor] } ?? [])
        let kind: OperatorKind
        switch precision {
        case .int8: kind = isDepthwise ? .depthwiseInt8 : .convolutionInt8
        case .float32: kind = isDepthwise ? .depthwiseFloat : .convolutionFloat
        }
        var operation = OperatorDescription(kind: kind, name: layer.role.name, inputs: inputs, output: output)
        operation.window = LoweredWindow(layer)
        operation.groups = layer.groups
        switch precision {
        case .int8:
            let quantizer = RandomQuantizer(layer: layer, input: builder.tensors[x.tensor], output: builder.tensors[output])
            quantizer.fill(&operation, weights: floatWeights, bias: floatBias)
            if let residual { operation.secondMultiplier = ratios(residual.tensor, to: output) }
        case .float32:
            operation.floatWeights = floatWeights
            operation.floatBias = floatBias
            setActivation(layer.activation, of: &operation)
        }
        builder.add(operation)
        return Map(tensor: output, moments: moments)
    }

    package mutating func globalPool(_ x: Map, name: String, channels: Int, size: Int) -> Map {
        let moments = x.moments.pooled
        let output = addTensor(name, size: 1, channels: channels, outputGrid(moments, .linear, isVector: true))
        let kind: OperatorKind = precision == .int8 ? .globalPoolInt8 : .globalPoolFloat
        var operation = OperatorDescription(kind: kind, name: name, inputs: [x.tensor], output: output)
        if precision == .int8 {
            let positions = size * size
            operation.multiplier = ratios(x.tensor, to: output).map { $0 / Float(positions) }
            operation.bias = (0..<channels).map { Int32(-positions * builder.tensors[x.tensor].zero($0)) }
        }
        builder.add(operation)
        return Map(tensor: output, moments: moments)
    }

    package mutating func multiply(_ x: Map, gate: Map, name: String, channels: Int, size: Int) -> Map {
        let moments = x.moments.gated(by: gate.moments)
        let output = addTensor(name, size: size, channels: channels, outputGrid(moments, .linear, isVector: size == 1))
        let kind: OperatorKind = precision == .int8 ? .multiplyInt8 : .multiplyFloat
        var operation = OperatorDescription(kind: kind, name: name, inputs: [x.tensor, gate.tensor], output: output)
        if precision == .int8 {
            operation.multiplier = ratios(x.tensor, to: output)
            for c in 0..<channels { operation.multiplier[c] *= builder.tensors[gate.tensor].scale(c) }
        }
        builder.add(operation)
        return Map(tensor: output, moments: moments)
    }

    // MARK: Parts

    private mutating func addTensor(_ name: String, size: Int, channels: Int, _ grid: RandomGrid?) -> Int {
        builder.add(
            TensorDescription(
                name: name, type: precision, height: size, width: size, channels: channels, scales: grid?.scales ?? [],
                zeros: grid?.zeros ?? []))
    }

    private func outputGrid(_ moments: ChannelMoments, _ activation: LayerActivation, isVector: Bool) -> RandomGrid? {
        precision == .int8 ? RandomGrid(moments, activation, isVector: isVector) : nil
    }

    /// The first tensor's scale over the second's, for each channel of the second.
    private func ratios(_ from: Int, to: Int) -> [Float] {
        (0..<builder.tensors[to].channels).map { builder.tensors[from].scale($0) / builder.tensors[to].scale($0) }
    }

    private func setActivation(_ activation: LayerActivation, of operation: inout OperatorDescription) {
        switch activation {
        case .linear: operation.activation = .linear
        case .relu: operation.activation = .relu
        case .relu6:
            operation.activation = .clip
            operation.activationB = 6
        case .hardSwish: operation.activation = .hardSwish
        case .hardSigmoid(let slope, let offset):
            operation.activation = .hardSigmoid
            operation.activationA = slope
            operation.activationB = offset
        }
    }
}

extension LoweredWindow {
    fileprivate init(_ layer: ArchitectureLayer) {
        self.init(kernel: layer.kernel, stride: layer.stride, padding: 0)
        padTop = Int32(layer.padTop)
        padLeft = Int32(layer.padLeft)
        padBottom = Int32(layer.padBottom)
        padRight = Int32(layer.padRight)
    }
}
