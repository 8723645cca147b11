import SwiftletRuntime

/// Sets single fields of a model to values at which readers fail, and writes it as the builder does: everything else about the file is
/// right.
enum FieldMutator {
    static func damaged(_ model: ModelBuilder, _ random: inout Random) -> ModelBuilder {
        var tensors = model.tensors
        var operators = model.operators
        var result = ModelBuilder(name: model.name)
        (result.input, result.outputs) = (model.input, model.outputs)
        (result.inputOffsets, result.preprocessing, result.labels) = (model.inputOffsets, model.preprocessing, model.labels)
        for _ in 0..<(1 + random.below(2)) {
            switch random.below(9) {
            case 0: result.input = index(&random, tensors.count)
            case 1: result.output = index(&random, tensors.count)
            case 2: change(&result.outputs, tensors.count, &random)
            case 3, 4: change(&tensors[random.below(tensors.count)], &random)
            default: change(&operators[random.below(operators.count)], tensors.count, &random)
            }
        }
        for tensor in tensors { _ = result.add(tensor) }
        for operation in operators { result.add(operation) }
        return result
    }

    private static func change(_ outputs: inout [OutputDescription], _ tensors: Int, _ random: inout Random) {
        let place = random.below(outputs.count)
        switch random.below(4) {
        case 0: outputs[place].tensor = index(&random, tensors)
        case 1: outputs[place].head = OutputHead(rawValue: UInt8(random.below(6))) ?? .none
        case 2: outputs[place].name = random.pick(["", "map0", "output", "\u{0}"])
        default:
            for number in 0..<random.pick([1, 2, 62, 63, 64, 65]) {
                outputs.append(OutputDescription(name: "more\(number)", tensor: index(&random, tensors)))
            }
        }
    }

    /// Fields of the file are 32 bits wide; the writer truncates.
    private static func size(_ random: inout Random) -> Int {
        Int(truncatingIfNeeded: Int32(truncatingIfNeeded: random.pick(Mutator.interesting)))
    }

    private static func index(_ random: inout Random, _ count: Int) -> Int {
        random.oneIn(3) ? size(&random) : random.below(count + 1)
    }

    private static func change(_ tensor: inout TensorDescription, _ random: inout Random) {
        switch random.below(6) {
        case 0: tensor.height = size(&random)
        case 1: tensor.width = size(&random)
        case 2: tensor.channels = size(&random)
        case 3: tensor.type = tensor.type == .int8 ? .float32 : .int8
        case 4: tensor.scales = [Float](repeating: 1, count: random.below(40))
        default: tensor.zeros = [Int8](repeating: -128, count: random.below(40))
        }
    }

    private static func change(_ operation: inout OperatorDescription, _ tensors: Int, _ random: inout Random) {
        let value = size(&random)
        switch random.below(26) {
        case 0 where !operation.inputs.isEmpty: operation.inputs[random.below(operation.inputs.count)] = index(&random, tensors)
        case 1: operation.inputs.append(index(&random, tensors))
        case 2: operation.inputs = Array(operation.inputs.dropLast())
        case 3: operation.output = index(&random, tensors)
        case 4: operation.kind = random.pick(OperatorKind.allCases)
        case 5: operation.activation = LoweredActivation(rawValue: UInt8(random.below(15))) ?? .linear
        case 6: operation.groups = value
        case 7: operation.isMaxPool = !operation.isMaxPool
        case 8: operation.activationA = random.pick([.nan, .infinity, -1, 1e38])
        case 9: operation.weights.append(contentsOf: [Int8](repeating: 1, count: random.below(3)))
        case 10: operation.weights = []
        case 11: operation.bias = [Int32](repeating: Int32(truncatingIfNeeded: value), count: operation.bias.count + random.below(2))
        case 12: operation.multiplier = [Float](repeating: 1, count: random.below(40))
        case 13: operation.secondMultiplier = [Float](repeating: 1, count: random.below(40))
        case 14: operation.table = [UInt8](repeating: 1, count: random.pick([0, 1, 255, 256, 257, 512]))
        case 15: operation.floatWeights = [Float](repeating: 1, count: random.below(40))
        default: change(&operation.window, Int32(truncatingIfNeeded: value), &random)
        }
    }

    private static func change(_ window: inout LoweredWindow, _ value: Int32, _ random: inout Random) {
        switch random.below(10) {
        case 0: window.kernelHeight = value
        case 1: window.kernelWidth = value
        case 2: window.strideHeight = value
        case 3: window.strideWidth = value
        case 4: window.dilationHeight = value
        case 5: window.dilationWidth = value
        case 6: window.padTop = value
        case 7: window.padLeft = value
        case 8: window.padBottom = value
        default: window.padRight = value
        }
    }
}
