import SwiftletGraph
import SwiftletRuntime

/// The int8 operator of a convolution.
struct Int8Convolution {
    /// What the bounds ask of the output grid.
    ///
    /// - Parameter residual: grid of the residual.
    /// - Returns: by output channel, the least scale that keeps step / scale within its bound, and for the residual's multiplier.
    static func smallestScales(_ weights: IntegerWeights, residual: Grid?) -> [Float] {
        (0..<weights.outputs).map { o in
            max(
                Int8Operator.leastScale(weights.step[o], weights.largestMultiplier),
                residual.map { Int8Operator.leastScale($0.scale(o), Bounds.largestElementMultiplier) } ?? 0)
        }
    }

    /// Hard-swish multiplies by the step alone before it knows the output's scale; a step above this has no int8 form.
    static func allows(_ activation: Activation, _ weights: IntegerWeights) -> Bool {
        activation != .hardSwish || weights.step.allSatisfy { $0 <= 0.99 * weights.largestMultiplier }
    }

    /// - Parameters:
    ///   - bias: the corrected bias, in real values.
    ///   - weights: steps are raised where the bias would not fit.
    static func make(
        _ layer: Layer, _ convolution: Convolution, weights: inout IntegerWeights, bias: [Float], input: Grid, residual: Grid?, output: Grid
    ) -> OperatorDescription {
        var operation = OperatorDescription(
            kind: convolution.isDepthwise ? .depthwiseInt8 : .convolutionInt8, name: layer.name, inputs: layer.inputs, output: layer.output)
        operation.window = LoweredWindow(convolution.window)
        operation.groups = convolution.groups
        for o in 0..<weights.outputs where weights.step[o] < 1e-18 * output.scale(o) { weights.raiseStep(o, to: 1e-18 * output.scale(o)) }
        operation.bias = weights.bias(bias, convolution, input: input, largest: Bounds.largestBias)
        operation.weights = weights.integers
        if convolution.activation == .hardSwish {
            operation.activation = .hardSwish
            operation.multiplier = weights.step
        } else {
            operation.multiplier = (0..<weights.outputs).map { weights.step[$0] / output.scale($0) }
        }
        if let residual {
            operation.secondMultiplier = (0..<weights.outputs).map { residual.scale($0) / output.scale($0) }
        }
        return operation
    }
}

extension IntegerWeights {
    /// That the file allows for what these weights sum.
    var largestMultiplier: Float { Bounds.largestMultiplier(inputsPerOutput: integers.count / outputs) }
}
