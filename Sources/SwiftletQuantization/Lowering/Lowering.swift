import SwiftletGraph
import SwiftletRuntime

/// Writes operators into a builder and converts between int8 and float where neighbors differ, once a tensor.
struct Lowering {
    private let network: Network
    private let grids: [Grid]
    private let fractionalInput: [Float]
    private var builder: ModelBuilder
    /// The builder's numbers of each tensor's two forms.
    private var float: [Int?]
    private var int8: [Int?]

    /// - Parameters:
    ///   - grids: by tensor; empty when every operator is float.
    ///   - fractionalInput: the input's fractional zero points, or empty.
    init(_ network: Network, grids: [Grid], fractionalInput: [Float]) {
        self.network = network
        self.grids = grids
        self.fractionalInput = fractionalInput
        builder = ModelBuilder(name: network.name)
        float = Array(repeating: nil, count: network.tensors.count)
        int8 = float
    }

    /// Adds an operator whose tensor numbers are the network's.
    mutating func append(_ operation: OperatorDescription, isFloat: Bool) {
        var operation = operation
        let readsFloat = isFloat || operation.kind == .quantize
        operation.inputs = operation.inputs.map { readsFloat ? floatForm($0) : int8Form($0) }
        let tensor = operation.output
        operation.output = addTensor(tensor, isFloat: isFloat, suffix: "")
        builder.add(operation)
    }

    mutating func finish() -> ModelBuilder {
        builder.input = firstForm(network.input) ?? addTensor(network.input, isFloat: true, suffix: "")
        builder.outputs = network.outputs.map { output in
            OutputDescription(
                name: output.name.isEmpty ? network.tensors[output.tensor].name : output.name,
                tensor: firstForm(output.tensor) ?? builder.input, head: OutputHead(output.head))
        }
        if builder.tensors[builder.input].type == .int8 { builder.inputOffsets = fractionalInput }
        return builder
    }

    /// The form that was there first is the one that is computed; the other one is a copy.
    private func firstForm(_ tensor: Int) -> Int? { [float[tensor], int8[tensor]].compactMap { $0 }.min() }

    private mutating func floatForm(_ tensor: Int) -> Int {
        if let number = float[tensor] { return number }
        guard let source = int8[tensor] else { return addTensor(tensor, isFloat: true, suffix: "") }  // the input
        let number = addTensor(tensor, isFloat: true, suffix: "/float")
        builder.add(conversion(.dequantize, of: network.tensors[tensor], grids[tensor], from: source, to: number))
        return number
    }

    private mutating func int8Form(_ tensor: Int) -> Int {
        if let number = int8[tensor] { return number }
        guard let source = float[tensor] else { return addTensor(tensor, isFloat: false, suffix: "") }  // the input
        let number = addTensor(tensor, isFloat: false, suffix: "/int8")
        builder.add(conversion(.quantize, of: network.tensors[tensor], grids[tensor], from: source, to: number))
        return number
    }

    private mutating func addTensor(_ tensor: Int, isFloat: Bool, suffix: String) -> Int {
        var description = isFloat ? TensorDescription(network.tensors[tensor]) : TensorDescription(network.tensors[tensor], grids[tensor])
        description.name += suffix
        let number = builder.add(description)
        if isFloat { float[tensor] = number } else { int8[tensor] = number }
        return number
    }
}

/// A quantize or dequantize operator of a tensor.
func conversion(_ kind: OperatorKind, of tensor: Tensor, _ grid: Grid, from input: Int, to output: Int) -> OperatorDescription {
    let int8 = TensorDescription(tensor, grid)
    if kind == .quantize {
        return .quantization(
            tensor.name + "/quantize", to: int8, offsets: (0..<tensor.channels).map(grid.offset), from: input, to: output)
    }
    return .dequantization(tensor.name + "/dequantize", of: int8, from: input, to: output)
}
