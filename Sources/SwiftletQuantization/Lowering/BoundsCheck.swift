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
        try require(operation.multiplier.allSatisfy(Bounds.isScale), "multiplier")
        try require(operation.outFactor.allSatisfy(Bounds.isScale), "factor")
        let second = operation.secondMultiplier
        try require(second.allSatisfy { Bounds.isScale($0) && $0 <= Bounds.largestElementMultiplier }, "second multiplier")
        switch operation.kind {
        case .convolutionInt8, .depthwiseInt8:
            let largest = Bounds.largestMultiplier(inputsPerOutput: operation.weights.count / operation.multiplier.count)
            try require(operation.multiplier.allSatisfy { $0 <= largest }, "multiplier")
            try require(zip(operation.multiplier, operation.outFactor).allSatisfy { $0 * 6 * $1 <= largest }, "hard-swish factor")
        case .globalPoolInt8:
            try require(operation.multiplier.allSatisfy { $0 <= Bounds.largestPoolMultiplier }, "multiplier")
        default:
            try require(operation.multiplier.allSatisfy { $0 <= Bounds.largestElementMultiplier }, "multiplier")
        }
    }
}
