import SwiftletGraph
import SwiftletRuntime

/// The float32 operator of a layer: one operator a layer, its activation inside. Tensor numbers are the network's.
func floatOperator(_ layer: Layer) -> OperatorDescription {
    func make(_ kind: OperatorKind) -> OperatorDescription {
        OperatorDescription(kind: kind, name: layer.name, inputs: layer.inputs, output: layer.output)
    }
    var operation: OperatorDescription
    switch layer.operation {
    case .convolution(let convolution):
        operation = make(convolution.isDepthwise ? .depthwiseFloat : .convolutionFloat)
        operation.window = LoweredWindow(convolution.window)
        operation.groups = convolution.groups
        operation.floatWeights = convolution.weights
        operation.floatBias = convolution.bias
        operation.setActivation(convolution.activation)
    case .globalAveragePool:
        operation = make(.globalPoolFloat)
    case .pool(let pool):
        operation = make(.poolFloat)
        operation.setPool(pool)
    case .multiply:
        operation = make(.multiplyFloat)
    case .add(let activation):
        operation = make(.addFloat)
        operation.setActivation(activation)
    case .activation(let activation):
        operation = make(.activationFloat)
        operation.setActivation(activation)
    case .concatenate(let selecting):
        operation = make(.concatenate)
        operation.table = positionTable(selecting ?? [])
    case .resample(let rows, let columns):
        operation = make(.resample)
        operation.table = positionTable(rows + columns)
    }
    return operation
}

/// Channels, or rows and columns, as `OperatorDescription.table` has them.
func positionTable(_ positions: [Int]) -> [UInt8] {
    positions.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
}

extension OperatorDescription {
    /// For float operators, which know all activations.
    package mutating func setActivation(_ activation: Activation) {
        switch activation {
        case .none: self.activation = .linear
        case .relu: self.activation = .relu
        case .clip(let low, let high): (self.activation, activationA, activationB) = (.clip, low, high)
        case .hardSwish: self.activation = .hardSwish
        case .hardSigmoid(let slope, let offset): (self.activation, activationA, activationB) = (.hardSigmoid, slope, offset)
        case .sigmoid: self.activation = .sigmoid
        case .swish: self.activation = .swish
        case .leakyRelu(let slope): (self.activation, activationA) = (.leakyRelu, slope)
        case .elu(let scale): (self.activation, activationA) = (.elu, scale)
        case .tanh: self.activation = .tanh
        case .softplus: self.activation = .softplus
        case .mish: self.activation = .mish
        case .gelu: self.activation = .gelu
        case .geluTanh: self.activation = .geluTanh
        case .thresholdedRelu(let threshold): (self.activation, activationA) = (.thresholdedRelu, threshold)
        }
    }

    mutating func setPool(_ pool: Pool) {
        window = LoweredWindow(pool.window)
        isMaxPool = pool.kind == .max
        poolCountsPadding = pool.countsPadding
    }
}

extension LoweredWindow {
    init(_ window: Window) {
        self.init()
        (kernelHeight, kernelWidth) = (Int32(window.kernelHeight), Int32(window.kernelWidth))
        (strideHeight, strideWidth) = (Int32(window.strideHeight), Int32(window.strideWidth))
        (dilationHeight, dilationWidth) = (Int32(window.dilationHeight), Int32(window.dilationWidth))
        (padTop, padLeft) = (Int32(window.padTop), Int32(window.padLeft))
        (padBottom, padRight) = (Int32(window.padBottom), Int32(window.padRight))
    }
}

extension TensorDescription {
    /// float32
    init(_ tensor: Tensor) {
        self.init(name: tensor.name, type: .float32, height: tensor.height, width: tensor.width, channels: tensor.channels)
    }

    /// int8
    init(_ tensor: Tensor, _ grid: Grid) {
        self.init(
            name: tensor.name, type: .int8, height: tensor.height, width: tensor.width, channels: tensor.channels,
            scales: grid.scales, zeros: grid.zeros)
    }
}
