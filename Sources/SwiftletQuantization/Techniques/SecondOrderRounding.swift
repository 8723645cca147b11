import SwiftletGraph
import SwiftletRuntime

/// Second-order rounding: GPTQ without reordering (Frantar et al. 2022, algorithm 1), on the inputs that the quantized network gives.
///
/// Weights are rounded one input at a time; each one's error is moved into the inputs not yet rounded, by the inverse Hessian of the
/// layer's output error, which is the covariance of its inputs. The mean is the bias correction's business.
struct SecondOrderRounding: Sendable {
    /// What is added to the Hessian's diagonal, as a share of its mean.
    static let damping = 0.01
    /// Where steps are searched: multiples of a row's own step, that of its largest weight. Below 1 that weight is cut off a little.
    static let stepFactors: [Float] = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.1, 1.12, 1.15, 0.995, 0.99, 0.985, 0.98]
    /// Weights an output from which on its step is not searched: of many rounding errors the sum hardly depends on the step.
    static let longestSearched = 256

    let settings: QuantizationSettings
    let threads: Int

    /// - Parameter stream: the number of this layer's random sample among those of one seed.
    func run(_ weights: inout IntegerWeights, _ input: ConvolutionInput, stream: Int) {
        let convolution = input.convolution
        let covariance = InputCovariance(
            input, positions: settings.positions, generator: SplitMix64(seed: settings.seed, stream: stream), threads: threads)
        let outputsPerGroup = convolution.outputs / convolution.groups
        let rows = SharedArray<Row>(repeating: Row(step: 0, integers: []), count: convolution.outputs)
        let (size, frozen) = (weights.perOutput, weights)
        if convolution.groups == 1 {
            // One large matrix for all outputs: share out the outputs.
            let hessian = Hessian(covariance.group(0), size: size, threads: threads)
            parallel(convolution.outputs, threads: threads) { range in
                for o in range { rows[o] = round(o, frozen, hessian) }
            }
        } else {
            // Many small ones: share out the groups.
            parallel(convolution.groups, threads: threads) { range in
                for g in range {
                    let hessian = Hessian(covariance.group(g), size: size, threads: 1)
                    for o in g * outputsPerGroup..<(g + 1) * outputsPerGroup { rows[o] = round(o, frozen, hessian) }
                }
            }
        }
        for o in 0..<convolution.outputs { weights.set(o, step: rows[o].step, integers: rows[o].integers) }
    }

    fileprivate struct Row: Sendable {
        var step: Float
        var integers: [Int8]
    }

    /// The second derivative of a layer's output error by its weights, up to a factor.
    fileprivate struct Hessian: @unchecked Sendable {
        let covariance: UnsafePointer<Double>
        let inverse: InverseFactor
        let size: Int

        init(_ covariance: UnsafePointer<Double>, size: Int, threads: Int) {
            (self.covariance, self.size) = (covariance, size)
            inverse = InverseFactor(covariance, size: size, damping: SecondOrderRounding.damping, threads: threads)
        }

        /// The expected squared error of an output.
        func cost(_ errors: [Double]) -> Double {
            var total = 0.0
            for j in 0..<size {
                var sum = 0.0
                for k in 0..<size { sum += covariance[j * size + k] * errors[k] }
                total += sum * errors[j]
            }
            return total
        }
    }

    private func round(_ output: Int, _ weights: IntegerWeights, _ hessian: Hessian) -> Row {
        let row = weights.folded[output * hessian.size..<(output + 1) * hessian.size].map(Double.init)
        let own = weights.step[output]
        guard settings.steps == .searched && hessian.size <= Self.longestSearched else {
            return Row(step: own, integers: Self.round(row, step: Double(own), hessian.inverse))
        }
        var (best, least) = (Row(step: own, integers: []), Double.infinity)
        for factor in Self.stepFactors {
            let step = own * factor
            let integers = Self.round(row, step: Double(step), hessian.inverse)
            let cost = hessian.cost(zip(row, integers).map { $0 - Double($1) * Double(step) })
            if cost < least { (best, least) = (Row(step: step, integers: integers), cost) }
        }
        return best
    }

    private static func round(_ weights: [Double], step: Double, _ factor: InverseFactor) -> [Int8] {
        let size = weights.count
        var (row, integers) = (weights, [Int8](repeating: 0, count: weights.count))
        row.withUnsafeMutableBufferPointer { row in
            for j in 0..<size {
                let q = max(-127, min(127, (row[j] / step).rounded(.toNearestOrEven)))
                integers[j] = Int8(q)
                let u = factor.row(j)
                let error = (row[j] - q * step) / u[j]
                for k in j + 1..<max(size, j + 1) { row[k] -= error * u[k] }
            }
        }
        return integers
    }
}
