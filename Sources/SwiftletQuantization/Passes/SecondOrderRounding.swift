import CKernels
import SwiftletGraph
import SwiftletRuntime

/// Second-order rounding: GPTQ without reordering (Frantar et al. 2022, algorithm 1), on the inputs that the quantised network gives.
///
/// Weights are rounded one input at a time; each one's error is moved into the inputs not yet rounded, by the inverse Hessian of the
/// layer's output error, which is the covariance of its inputs. The mean is the bias correction's business.
struct SecondOrderRounding: Sendable {
    /// Of the Hessian's mean diagonal.
    static let damping = 0.01

    let settings: QuantizationSettings
    let threads: Int

    /// - Parameters:
    ///   - input: the quantised network's input of the layer, on `grid`.
    ///   - tensor, output: their shapes.
    func run(
        _ weights: inout IntegerWeights, _ convolution: Convolution, input: PictureTensor, tensor: Tensor, grid: Grid, output: Tensor,
        pictures: Int, stream: Int
    ) {
        let covariance = InputCovariance(
            convolution, input: input, tensor: tensor, grid: grid, output: output, pictures: pictures,
            positions: settings.positions, generator: SplitMix64(seed: settings.seed, stream: stream), threads: threads)
        let outputsPerGroup = convolution.outputs / convolution.groups
        let integers = SharedArray<Int8>(repeating: 0, count: weights.integers.count)
        let (size, frozen) = (weights.perOutput, weights)
        if convolution.groups == 1 {
            // One large matrix for all outputs: share out the outputs.
            let factor = InverseFactor(covariance.group(0), size: size, damping: Self.damping, threads: threads)
            parallel(convolution.outputs, threads: threads) { range in
                for o in range { Self.round(o, frozen, factor, into: integers) }
            }
        } else {
            // Many small ones: share out the groups.
            parallel(convolution.groups, threads: threads) { range in
                for g in range {
                    let factor = InverseFactor(covariance.group(g), size: size, damping: Self.damping, threads: 1)
                    for o in g * outputsPerGroup..<(g + 1) * outputsPerGroup { Self.round(o, frozen, factor, into: integers) }
                }
            }
        }
        weights.integers = Array(integers.values)
    }

    private static func round(_ output: Int, _ weights: IntegerWeights, _ factor: InverseFactor, into integers: SharedArray<Int8>) {
        let size = weights.perOutput
        let step = Double(weights.step[output])
        var row = (0..<size).map { Double(weights.folded[output * size + $0]) }
        row.withUnsafeMutableBufferPointer { row in
            for j in 0..<size {
                let q = max(-127, min(127, (row[j] / step).rounded(.toNearestOrEven)))
                integers[output * size + j] = Int8(q)
                let u = factor.row(j)
                let error = (row[j] - q * step) / u[j]
                for k in j + 1..<max(size, j + 1) { row[k] -= error * u[k] }
            }
        }
    }
}
