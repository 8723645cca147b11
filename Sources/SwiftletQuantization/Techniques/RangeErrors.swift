import SwiftletGraph

/// What each of several grids for one tensor would cost, summed over pictures: see `RangeRefinement`.
final class RangeErrors: @unchecked Sendable {
    /// One picture's part.
    struct Sums: Sendable {
        /// [channel]: Σ g
        fileprivate var gradient: [Float]
        /// [grid][channel]: Σ g e and Σ e
        fileprivate var weighted: [Float]
        fileprivate var errors: [Float]
    }

    private let tensor: Tensor
    private let grids: [Grid]
    private var positions = 0.0
    /// Sums over pictures: [channel] Σ (Σ g)²; [grid][channel] Σ (Σ g e)², Σ (Σ g e) (Σ g), Σ e
    private var gradientSquares: [Double]
    private var squares: [Double]
    private var products: [Double]
    private var errors: [Double]

    init(tensor: Tensor, grids: [Grid]) {
        self.tensor = tensor
        self.grids = grids.map { $0.expanded(tensor.channels) }
        gradientSquares = Array(repeating: 0, count: tensor.channels)
        squares = Array(repeating: 0, count: grids.count * tensor.channels)
        (products, errors) = (squares, squares)
    }

    /// - Parameters:
    ///   - x, g: one picture's values and gradients, [position][channel].
    func sums(_ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>) -> Sums {
        let channels = tensor.channels
        var sums = Sums(
            gradient: Array(repeating: 0, count: channels), weighted: Array(repeating: 0, count: grids.count * channels),
            errors: Array(repeating: 0, count: grids.count * channels))
        sums.gradient.withUnsafeMutableBufferPointer { sum in
            for start in stride(from: 0, to: tensor.count, by: channels) {
                for c in 0..<channels { sum[c] += g[start + c] }
            }
        }
        for (j, grid) in grids.enumerated() {
            let steps = GridSteps(scales: grid.scales, zeros: grid.zeros)
            sums.weighted.withUnsafeMutableBufferPointer { weighted in
                sums.errors.withUnsafeMutableBufferPointer { errors in
                    add(x, g, steps, weighted.baseAddress! + j * channels, errors.baseAddress! + j * channels)
                }
            }
        }
        return sums
    }

    /// Adds a picture's g e to `weighted` and e to `errors`, by channel.
    private func add(
        _ x: UnsafePointer<Float>, _ g: UnsafePointer<Float>, _ steps: GridSteps, _ weighted: UnsafeMutablePointer<Float>,
        _ errors: UnsafeMutablePointer<Float>
    ) {
        let (count, channels) = (tensor.count, tensor.channels)
        steps.withPointers { steps in
            for start in stride(from: 0, to: count, by: channels) {
                for c in 0..<channels {
                    let error = steps.error(x[start + c], c)
                    weighted[c] += g[start + c] * error
                    errors[c] += error
                }
            }
        }
    }

    func add(_ sums: Sums) {
        positions += Double(tensor.height * tensor.width)
        for c in 0..<tensor.channels { gradientSquares[c] += Double(sums.gradient[c]) * Double(sums.gradient[c]) }
        for i in squares.indices {
            let weighted = Double(sums.weighted[i])
            squares[i] += weighted * weighted
            products[i] += weighted * Double(sums.gradient[i % tensor.channels])
            errors[i] += Double(sums.errors[i])
        }
    }

    /// Σ over pictures and channels of (Σ g (e - mean e))².
    func total(_ grid: Int) -> Double {
        (0..<tensor.channels).reduce(0) { total, c in
            let i = grid * tensor.channels + c
            let mean = errors[i] / max(1, positions)
            return total + squares[i] - 2 * mean * products[i] + mean * mean * gradientSquares[c]
        }
    }
}
