import SwiftletGraph
import SwiftletRuntime

/// Rewrites a fused network into the forms that int8 kernels have:
/// - a convolution with a hard-sigmoid gets slope and offset folded into its weights and clips to [0, 1], which the output grid's ends do
///   for nothing;
/// - a convolution or addition whose activation the int8 epilogue lacks becomes a linear one and a look-up table;
/// - what int8 cannot do at all, and what the settings name, stays in float.
struct Preparation {
    /// What the name of a table operator that was split off its layer ends in.
    static let activationSuffix = "/activation"

    let settings: QuantizationSettings

    func run(_ network: Network) throws -> PreparedNetwork {
        try network.check()
        try settings.check(network)
        let kept = Set(settings.floatLayers)
        var result = PreparedNetwork(network: network)
        result.network.layers = []
        for layer in network.layers {
            if kept.contains(layer.name) {
                result.append(layer, isFloat: true, notes: ["kept in float by the settings"])
            } else if let reason = Self.cannotBeInt8(layer, network) {
                result.append(layer, isFloat: true, notes: ["kept in float: \(reason)"])
            } else {
                result.appendInt8(layer)
            }
        }
        return result
    }

    private static func cannotBeInt8(_ layer: Layer, _ network: Network) -> String? {
        let inputs = layer.inputs.map { network.tensors[$0] }
        switch layer.operation {
        case .convolution(let convolution):
            let perOutput = convolution.weights.count / convolution.outputs
            if perOutput > Bounds.largestInputsPerOutput { return "\(perOutput) products an output could overflow int32" }
        case .globalAveragePool:
            let positions = inputs[0].height * inputs[0].width
            if positions > Bounds.largestPooledPositions { return "\(positions) positions could overflow int32" }
        case .add:
            if inputs[1].isVector != inputs[0].isVector { return "int8 addition does not broadcast" }
        default: break
        }
        return nil
    }
}

extension PreparedNetwork {
    fileprivate mutating func append(_ layer: Layer, isFloat: Bool = false, weighing: Activation = .none, notes: [String] = []) {
        network.layers.append(layer)
        self.isFloat.append(isFloat)
        self.weighing.append(weighing)
        useful.append(layer.operation.activation == .none ? weighing.domain : layer.operation.activation.interval)
        self.notes.append(notes)
    }

    fileprivate mutating func appendInt8(_ layer: Layer) {
        switch layer.operation {
        case .convolution(var convolution):
            let hasResidual = layer.inputs.count > 1
            switch convolution.activation {
            case .hardSigmoid(let slope, let offset) where !hasResidual:
                convolution.fold(slope: slope, offset: offset)
                append(layer.with(.convolution(convolution)), weighing: convolution.activation)
            case let activation where activation.isClampAroundZero, let activation where activation == .hardSwish && !hasResidual:
                append(layer, weighing: activation)
            case let activation:
                convolution.activation = .none
                appendSplit(layer, linear: .convolution(convolution), activation)
            }
        case .add(let activation) where !activation.isClampAroundZero:
            appendSplit(layer, linear: .add(.none), activation)
        default:
            append(layer)
        }
    }

    /// The activation's operator keeps the layer's output tensor; the linear one writes a new tensor.
    private mutating func appendSplit(_ layer: Layer, linear: SwiftletGraph.Operation, _ activation: Activation) {
        var tensor = network.tensors[layer.output]
        tensor.name += "/linear"
        network.tensors.append(tensor)
        let between = network.tensors.count - 1
        append(
            Layer(name: layer.name, operation: linear, inputs: layer.inputs, output: between), weighing: activation,
            notes: ["its activation is a table operator of its own"])
        let name = layer.name + Preparation.activationSuffix
        append(Layer(name: name, operation: .activation(activation), inputs: [between], output: layer.output))
    }
}

extension Layer {
    fileprivate func with(_ operation: SwiftletGraph.Operation) -> Layer {
        var layer = self
        layer.operation = operation
        return layer
    }
}

extension Convolution {
    /// clamp(slope * (w x + b) + offset, 0, 1) = clip((slope * w) x + (slope * b + offset), 0, 1)
    fileprivate mutating func fold(slope: Float, offset: Float) {
        weights = weights.map { $0 * slope }
        bias = bias.map { $0 * slope + offset }
        activation = .clip(low: 0, high: 1)
    }
}
