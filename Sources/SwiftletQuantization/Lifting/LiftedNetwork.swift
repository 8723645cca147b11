import SwiftletGraph
import SwiftletRuntime

/// A lowered model as the network in real values that it computes: weights are the integers times their steps, activations what the
/// operators' clamps and tables stand for, conversions between int8 and float gone.
package struct LiftedNetwork {
    package private(set) var network: Network
    /// By tensor of the network: what its int8 grid holds, all channels together; nil where it is float32.
    private(set) var ranges: [Interval?] = []
    /// By layer of the network: whether the model computes it in float32.
    private(set) var isFloat: [Bool] = []

    /// By tensor of the model, the network's.
    private var numbers: [Int: Int] = [:]
    /// By tensor of the model, the zero points that convolutions' biases compensate, where they are fractional.
    private var offsets: [Int: [Float]] = [:]

    /// - Throws: `QuantizationError` naming an operator that has no form in real values.
    package init(_ model: ModelBuilder) throws {
        network = Network(name: model.name)
        add(model.tensors[model.input], model.input)
        network.input = 0
        if !model.inputOffsets.isEmpty { offsets[model.input] = model.inputOffsets }
        for operation in model.operators {
            let (inputs, output) = (operation.inputs.map { model.tensors[$0] }, model.tensors[operation.output])
            if operation.kind.isConversion {
                join(operation, output)
                continue
            }
            add(output, operation.output)
            let lifting = LayerLifting(operation, inputs: inputs, output: output, offsets: offsets[operation.inputs[0]])
            network.layers.append(
                Layer(
                    name: operation.name, operation: try lifting.run(), inputs: operation.inputs.map { numbers[$0]! },
                    output: numbers[operation.output]!))
            isFloat.append(output.type == .float32)
        }
        network.outputs = model.outputs.map { NetworkOutput(name: $0.name, tensor: numbers[$0.tensor]!, head: Head($0.head)) }
    }

    /// A tensor of the model that is none of the network's yet.
    private mutating func add(_ tensor: TensorDescription, _ number: Int) {
        numbers[number] = network.tensors.count
        network.tensors.append(Tensor(name: tensor.name, height: tensor.height, width: tensor.width, channels: tensor.channels))
        ranges.append(tensor.range)
    }

    /// Makes a conversion's output the network's tensor that its input is.
    private mutating func join(_ operation: OperatorDescription, _ output: TensorDescription) {
        let number = numbers[operation.inputs[0]]!
        numbers[operation.output] = number
        if operation.kind == .quantize { offsets[operation.output] = operation.offsets }
        guard let range = output.range else { return }
        ranges[number] = ranges[number].map { Interval(low: min($0.low, range.low), high: max($0.high, range.high)) } ?? range
    }
}

extension TensorDescription {
    /// What an int8 tensor's grid holds, from the widest channel's lower end to the widest one's upper end; nil in float32.
    var range: Interval? {
        guard type == .int8 else { return nil }
        let rows = 0..<scales.count
        return Interval(
            low: rows.map { Float(-128 - zero($0)) * scale($0) }.min()!, high: rows.map { Float(127 - zero($0)) * scale($0) }.max()!)
    }
}
