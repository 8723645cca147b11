/// The grids that a model came with which is int8 already, by the names of the graph's values: for whoever runs it as it was published. The
/// graph beside it has the FP32 weights that the file implies, and computes in floats.
package struct TFLiteQuantization: Sendable, Equatable {
    /// x = (q - zero point) * scale, lowest <= q <= highest; one pair for all, or one for each index along `axis`.
    package struct Grid: Sendable, Equatable {
        package var scales: [Float]
        /// As many as there are scales.
        package var zeroPoints: [Int]
        /// Among the axes as the file has them, the channels last in a map.
        package var axis: Int
        package var lowest: Int
        package var highest: Int
    }

    /// Of values that are computed while the model runs.
    package var activations: [String: Grid] = [:]
    /// Of weights and biases.
    package var constants: [String: Grid] = [:]
}

extension TFLiteQuantization.Grid {
    /// A layer whose results lie on this grid cannot give anything below 0, or above 6 where the grid ends there: converters leave out the
    /// activation that does the same.
    var impliesClamp: (low: Float, high: Float)? {
        guard scales.count == 1, zeroPoints[0] == lowest else { return nil }
        let largest = scales[0] * Float(highest - lowest)
        return (0, abs(largest - 6) < 0.06 ? 6 : .infinity)
    }
}
