import SwiftletGraph
import SwiftletRuntime

/// int8 operators of layers other than convolutions, on given grids. Tensor numbers are the network's.
struct Int8Operator {
    let network: Network

    /// By output channel, the least output scale that keeps the operator's multipliers within the file's bounds.
    func smallestScales(_ layer: Layer, inputs: [Grid]) -> [Float] {
        let x = network.tensors[layer.inputs[0]]
        let channels = 0..<network.tensors[layer.output].channels
        switch layer.operation {
        case .globalAveragePool:
            let positions = Float(x.count / x.channels)
            return channels.map { Self.leastScale(inputs[0].scale($0) / positions, Bounds.largestPoolMultiplier) }
        case .pool(let pool) where pool.kind == .average:
            return channels.map { Self.leastScale(inputs[0].scale($0), Bounds.largestElementMultiplier) }
        case .multiply:
            return channels.map { Self.leastScale(inputs[0].scale($0) * inputs[1].scale($0), Bounds.largestElementMultiplier) }
        case .add:
            return channels.map { Self.leastScale(max(inputs[0].scale($0), inputs[1].scale($0)), Bounds.largestElementMultiplier) }
        case .convolution, .pool, .activation, .concatenate, .resample:
            return channels.map { _ in 0 }
        }
    }

    /// The least scale with value / scale <= largest, rounding of the quotient included.
    static func leastScale(_ value: Float, _ largest: Float) -> Float {
        value / largest * 1.001
    }

    /// The grid that the output has whatever its values are; nil when it is to be chosen.
    func inheritedGrid(_ layer: Layer, inputs: [Grid]) -> Grid? {
        switch layer.operation {
        case .pool(let pool) where pool.kind == .max: inputs[0]
        case .resample: inputs[0]
        case .concatenate(let selecting):
            Grid.joined(zip(inputs, layer.inputs).map { ($0, network.tensors[$1].channels) }).selecting(selecting)
        default: nil
        }
    }

    /// - Parameter layer: anything but a convolution.
    func make(_ layer: Layer, inputs: [Grid], output: Grid) -> OperatorDescription {
        func make(_ kind: OperatorKind) -> OperatorDescription {
            OperatorDescription(kind: kind, name: layer.name, inputs: layer.inputs, output: layer.output)
        }
        let x = network.tensors[layer.inputs[0]]
        let channels = 0..<network.tensors[layer.output].channels
        var operation: OperatorDescription
        switch layer.operation {
        case .convolution:
            preconditionFailure("convolutions have integer weights")
        case .globalAveragePool:
            operation = make(.globalPoolInt8)
            let positions = x.count / x.channels
            operation.multiplier = channels.map { inputs[0].scale($0) / (Float(positions) * output.scale($0)) }
            operation.bias = channels.map { Int32((-Double(positions) * Double(inputs[0].offset($0))).rounded(.toNearestOrEven)) }
        case .pool(let pool):
            operation = make(.poolInt8)
            operation.setPool(pool)
            if pool.kind == .average { operation.multiplier = channels.map { inputs[0].scale($0) / output.scale($0) } }
        case .multiply:
            operation = make(.multiplyInt8)
            operation.multiplier = channels.map { inputs[0].scale($0) * inputs[1].scale($0) / output.scale($0) }
        case .add:
            operation = make(.addInt8)
            operation.multiplier = channels.map { inputs[0].scale($0) / output.scale($0) }
            operation.secondMultiplier = channels.map { inputs[1].scale($0) / output.scale($0) }
        case .activation(let activation):
            operation = make(.tableInt8)
            operation.table = table(activation, channels: channels.count, input: inputs[0], output: output)
        case .concatenate(let selecting):
            operation = make(.concatenate)
            operation.table = positionTable(selecting ?? [])
        case .resample(let rows, let columns):
            operation = make(.resample)
            operation.table = positionTable(rows + columns)
        }
        return operation
    }

    /// [256], or [channels][256] where a grid is per channel: q of the activation's value at each q of the input, both + 128.
    private func table(_ activation: Activation, channels: Int, input: Grid, output: Grid) -> [UInt8] {
        let rows = input.isPerChannel || output.isPerChannel ? channels : 1
        let shape = Tensor(name: "table", height: 1, width: 1, channels: rows * 256)
        let layer = Layer(name: "table", operation: .activation(activation), inputs: [0], output: 1)
        let kernel = PackedOperator(floatOperator(layer), inputs: [TensorDescription(shape)], output: TensorDescription(shape))
        let (values, results) = (AlignedBuffer(bytes: rows * 1024), AlignedBuffer(bytes: rows * 1024))
        for c in 0..<rows {
            for q in 0..<256 { values.floats[c * 256 + q] = (Float(q - 128) - input.offset(c)) * input.scale(c) }
        }
        // The float kernel: its exponential is the same on every machine, and the same as a float layer's.
        kernel.run(values.base, into: results.base, scratch: kernel.makeScratch())
        return (0..<rows * 256).map { i in
            let (y, c) = (results.floats[i], i / 256)
            let q = (y / output.scale(c)).rounded(.toNearestOrEven) + Float(output.zero(c))
            return UInt8(max(-128, min(127, q)) + 128)
        }
    }
}
