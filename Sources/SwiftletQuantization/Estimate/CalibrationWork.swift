import SwiftletGraph

/// Counts what `quantize` computes, all pictures together.
struct CalibrationWork {
    /// The work of one inference.
    let operations: Double
    /// Multiply-accumulates in kernels.
    private(set) var products = 0.0
    /// Values that passes in Swift look at.
    private(set) var values = 0.0

    // A convolution runs in float with its own weights, in float with integer weights, and in int8, which is faster.
    private static let walks = 2.5
    // Forward twice, and backward, whose transposed convolutions take about as long again.
    private static let gradients = 3.5
    // By value of a tensor: ranges, bias correction, noise, histogram; the search of a range that is not refined.
    private static let valuePasses = 8.0
    private static let searchPasses = 4.0

    init(_ network: Network, pictures: Double, settings: QuantizationSettings) {
        operations = network.operations
        let size = network.tensors.reduce(0) { $0 + $1.size }
        products = Self.walks * pictures * operations
        values = Self.valuePasses * pictures * size
        switch settings.ranges {
        case .minMax: break
        case .crossValidated: values += Self.searchPasses * pictures * size
        case .refined:
            products += Self.gradients * pictures * operations
            values += Double(RangeRefinement.factors.count) * pictures * size
        }
        guard settings.rounding == .secondOrder else { return }
        for layer in network.layers {
            guard case .convolution(let convolution) = layer.operation else { continue }
            addRounding(convolution, output: network.tensors[layer.output], pictures: pictures, settings: settings)
        }
    }

    /// Covariances, their inverse, and the rounding of each output's row, once a step that is tried.
    private mutating func addRounding(_ convolution: Convolution, output: Tensor, pictures: Double, settings: QuantizationSettings) {
        let (size, groups) = (Double(convolution.weights.count / convolution.outputs), Double(convolution.groups))
        let budget = Double(settings.positions) / (groups == 1 ? 1 : 4)
        let positions = min(max(budget, pictures), pictures * Double(output.height) * Double(output.width))
        let covariance = positions * size * size * groups
        if convolution.isDepthwise { values += covariance / 4 } else { products += covariance }
        let isSearched = settings.steps == .searched && size < Double(SecondOrderRounding.longestSearched)
        let steps = isSearched ? Double(SecondOrderRounding.stepFactors.count) : 1
        values += size * size * (groups * size / 2 + steps * Double(convolution.outputs)) / 4
    }
}
