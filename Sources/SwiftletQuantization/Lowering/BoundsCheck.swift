import SwiftletRuntime

/// The bounds that the file's reader insists on, checked where the layer's name is still at hand. The guards keep to them; this catches a
/// guard's mistake, and values that no guard can help.
struct BoundsCheck {
    /// - Parameter grid: of the layer's output.
    func run(_ layer: QuantizedLayer, grid: Grid) throws {
        let operation = layer.operation
        func require(_ holds: Bool, _ what: String) throws {
            if !holds { throw QuantizationError(layer: operation.name, "\(what) out of the file's range") }
        }
        try require(grid.scales.allSatisfy(Bounds.isScale), "scale of its output")
        if layer.isFloat { return }
        try require(operation.bias.allSatisfy { abs(Int64($0)) <= Int64(Bounds.largestBias) }, "bias")
        let inputsPerOutput = operation.weights.count / max(operation.multiplier.count, 1)
        let largest = Bounds.largestMultiplier(of: operation.kind, inputsPerOutput: inputsPerOutput)
        try require(operation.multiplier.allSatisfy { Bounds.isMultiplier($0, atMost: largest) }, "multiplier")
        try require(
            operation.secondMultiplier.allSatisfy { Bounds.isMultiplier($0, atMost: Bounds.largestElementMultiplier) }, "second multiplier")
        guard operation.activation == .hardSwish else { return }
        let isWithin = operation.multiplier.enumerated().allSatisfy { channel, s in
            Bounds.isHardSwish(s, TensorDescription.hardSwishFactor(scale: grid.scale(channel)), atMost: largest)
        }
        try require(isWithin, "hard-swish factor")
    }
}
