import SwiftletGraph
import SwiftletRuntime

/// The covariance of what one output of a convolution reads, on its integer input grid, over sampled positions: a matrix a group.
final class InputCovariance: @unchecked Sendable {
    /// Samples summed in single precision before they join the double sums.
    private static let block = 2048

    private let size: Int
    /// [group][size][size]
    private let sums: SharedArray<Double>

    func group(_ index: Int) -> UnsafePointer<Double> { UnsafePointer(sums.pointer(index * size * size)) }

    /// - Parameter positions: how many of the output's to sample, over all pictures.
    init(_ input: ConvolutionInput, positions: Int, generator: SplitMix64, threads: Int) {
        let convolution = input.convolution
        size = convolution.weights.count / convolution.outputs
        sums = SharedArray(repeating: 0, count: convolution.groups * size * size)
        var generator = generator
        // Groups have small matrices, which need fewer samples.
        let budget = convolution.groups == 1 ? positions : positions / 4
        let perPicture = max(1, budget / input.values.pictures)
        let inputs = SampledInputs(input, positions: generator.sample(perPicture, of: input.output.height * input.output.width))
        if convolution.isDepthwise {
            sumDepthwise(inputs, channels: convolution.groups, threads: threads)
        } else {
            for group in 0..<convolution.groups { sumMatrix(inputs, group: group, threads: threads) }
        }
    }

    // MARK: - One large matrix

    /// A product of a matrix with its transpose is what the float convolution kernel computes when its rows are positions and weights at
    /// once.
    private func sumMatrix(_ inputs: SampledInputs, group: Int, threads: Int) {
        let (count, size) = (inputs.count, size)
        let firstChannel = group * inputs.channelsPerGroup
        let means = Self.means(inputs, firstChannel: firstChannel, size: size, threads: threads)
        let rows = AlignedBuffer(bytes: size * Self.block * 4)
        let product = SharedArray<Float>(repeating: 0, count: size * size)
        let sums = sums.pointer(group * size * size)
        for start in stride(from: 0, to: count, by: Self.block) {
            let samples = min(Self.block, count - start)
            // [size][samples]
            parallel(samples, threads: threads) { range in
                let values = AlignedBuffer(bytes: size * 4)
                for i in range {
                    inputs.fill(start + i, channels: firstChannel..<firstChannel + inputs.channelsPerGroup, into: values.floats)
                    for k in 0..<size { rows.floats[k * samples + i] = values.floats[k] - means[k] }
                }
            }
            let x = TensorDescription(Tensor(name: "rows", height: 1, width: size, channels: samples))
            // Columns in strips, one a thread: the kernel computes each output alone, so the split changes no bit.
            parallel(size, threads: threads) { range in
                var operation = OperatorDescription(kind: .convolutionFloat, name: "covariance", inputs: [0], output: 1)
                operation.floatWeights = Array(
                    UnsafeBufferPointer(start: rows.floats + range.lowerBound * samples, count: range.count * samples))
                operation.floatBias = Array(repeating: 0, count: range.count)
                let y = TensorDescription(Tensor(name: "strip", height: 1, width: size, channels: range.count))
                let kernel = PackedOperator(operation, inputs: [x], output: y)
                let strip = AlignedBuffer(bytes: size * range.count * 4)
                kernel.run(rows.base, into: strip.base, scratch: kernel.makeScratch())
                for i in 0..<size {
                    for j in 0..<range.count { product[i * size + range.lowerBound + j] = strip.floats[i * range.count + j] }
                }
            }
            for i in 0..<size * size { sums[i] += Double(product[i]) }
        }
        for i in 0..<size * size { sums[i] /= Double(count) }
    }

    private static func means(_ inputs: SampledInputs, firstChannel: Int, size: Int, threads: Int) -> [Float] {
        let perPicture = SharedArray(repeating: 0.0, count: inputs.pictures * size)
        parallel(inputs.pictures, threads: threads) { range in
            let values = AlignedBuffer(bytes: size * 4)
            for picture in range {
                let sums = perPicture.pointer(picture * size)
                for i in 0..<inputs.perPicture {
                    let channels = firstChannel..<firstChannel + inputs.channelsPerGroup
                    inputs.fill(picture * inputs.perPicture + i, channels: channels, into: values.floats)
                    for k in 0..<size { sums[k] += Double(values.floats[k]) }
                }
            }
        }
        return (0..<size).map { k in
            Float((0..<inputs.pictures).reduce(0.0) { $0 + perPicture[$1 * size + k] } / Double(inputs.count))
        }
    }

    // MARK: - A small matrix a channel

    /// Channels of a strip side by side in vectors.
    private func sumDepthwise(_ inputs: SampledInputs, channels: Int, threads: Int) {
        let size = size
        let strip = 16
        // Values are whole numbers up to 255: sums of 256 products are exact in single precision.
        let exact = 256
        parallel((channels + strip - 1) / strip, threads: threads) { range in
            let values = AlignedBuffer(bytes: size * strip * 4)
            let pairs = size * (size + 1) / 2
            let (block, blockTotals) = (AlignedBuffer(bytes: pairs * strip * 4), AlignedBuffer(bytes: size * strip * 4))
            for part in range {
                let first = part * strip
                let used = min(strip, channels - first)
                var (products, totals) = ([Double](repeating: 0, count: pairs * used), [Double](repeating: 0, count: size * used))
                for start in stride(from: 0, to: inputs.count, by: exact) {
                    block.floats.initialize(repeating: 0, count: pairs * used)
                    blockTotals.floats.initialize(repeating: 0, count: size * used)
                    for sample in start..<min(inputs.count, start + exact) {
                        inputs.fill(sample, channels: first..<first + used, into: values.floats)
                        var sum = block.floats
                        for a in 0..<size {
                            let x = values.floats + a * used
                            for c in 0..<used { blockTotals.floats[a * used + c] += x[c] }
                            for b in 0...a {
                                let y = values.floats + b * used
                                for c in 0..<used { sum[c] += x[c] * y[c] }
                                sum += used
                            }
                        }
                    }
                    for i in 0..<pairs * used { products[i] += Double(block.floats[i]) }
                    for i in 0..<size * used { totals[i] += Double(blockTotals.floats[i]) }
                }
                let count = Double(inputs.count)
                for c in 0..<used {
                    let matrix = sums.pointer((first + c) * size * size)
                    var pair = 0
                    for a in 0..<size {
                        for b in 0...a {
                            let mean = (totals[a * used + c] / count) * (totals[b * used + c] / count)
                            let value = products[pair * used + c] / count - mean
                            (matrix[a * size + b], matrix[b * size + a]) = (value, value)
                            pair += 1
                        }
                    }
                }
            }
        }
    }
}
