import SwiftletRuntime

/// The int8 parameters of a layer with known grids at both ends, by rounding to nearest. See `CKernels.h` for the arithmetic they are for.
struct RandomQuantizer {
    let layer: ArchitectureLayer
    let input: TensorDescription
    let output: TensorDescription

    /// - Parameters:
    ///   - weights: [outputs][kernel][kernel][inputs / groups]
    ///   - bias: [outputs]
    func fill(_ operation: inout OperatorDescription, weights: [Float], bias: [Float]) {
        let perOutput = layer.weightCount / layer.outputs
        let perGroup = layer.inputsPerGroup
        let outputsPerGroup = layer.outputs / layer.groups
        operation.weights.reserveCapacity(weights.count)
        if layer.activation == .hardSwish { operation.activation = .hardSwish }
        for o in 0..<layer.outputs {
            let firstInput = o / outputsPerGroup * perGroup
            // Weights take the scales of the channels they read.
            var scaled = [Float](repeating: 0, count: perOutput)
            var largest: Float = 0
            for i in 0..<perOutput {
                scaled[i] = weights[o * perOutput + i] * input.scale(firstInput + i % perGroup)
                largest = max(largest, abs(scaled[i]))
            }
            let step = max(largest, 1e-12) / 127
            var zeroSum = 0
            for i in 0..<perOutput {
                let weight = nearest(scaled[i] / step)
                zeroSum += weight * input.zero(firstInput + i % perGroup)
                operation.weights.append(Int8(weight))
            }
            append(to: &operation, step: step, bias: bias[o], scale: output.scale(o))
            operation.bias[o] -= Int32(zeroSum)
        }
    }

    private func append(to operation: inout OperatorDescription, step: Float, bias: Float, scale: Float) {
        switch layer.activation {
        case .linear, .relu, .relu6:
            operation.bias.append(Int32(nearest(bias / step)))
            operation.multiplier.append(step / scale)
        case .hardSwish:
            operation.bias.append(Int32(nearest(bias / step)))
            operation.multiplier.append(step)
        case .hardSigmoid(let slope, let offset):
            operation.bias.append(Int32(nearest((bias + offset / slope) / step)))
            operation.multiplier.append(step * slope / scale)
        }
    }

    /// Without `rounded()`, which needs a mathematics library on the boards.
    private func nearest(_ value: Float) -> Int {
        Int(value < 0 ? value - 0.5 : value + 0.5)
    }
}
