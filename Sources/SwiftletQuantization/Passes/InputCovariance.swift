import CKernels
import SwiftletGraph
import SwiftletRuntime

/// The covariance of what one output of a convolution reads, on its integer input grid, over sampled positions: a matrix a group.
final class InputCovariance: @unchecked Sendable {
    /// Spatial positions sampled over all pictures. Groups have small matrices, which need fewer.
    static let positions = 60_000
    static let positionsOfGroups = 15_000
    /// Samples summed in single precision before they join the double sums.
    private static let block = 2048

    private let size: Int
    /// [group][size][size]
    private let sums: SharedArray<Double>

    func group(_ index: Int) -> UnsafePointer<Double> { UnsafePointer(sums.pointer(index * size * size)) }

    init(
        _ convolution: Convolution, input: PictureTensor, tensor: Tensor, grid: Grid, output: Tensor, pictures: Int, generator: SplitMix64,
        threads: Int
    ) {
        size = convolution.weights.count / convolution.outputs
        sums = SharedArray(repeating: 0, count: convolution.groups * size * size)
        var generator = generator
        let budget = convolution.groups == 1 ? Self.positions : Self.positionsOfGroups
        let positions = generator.sample(max(1, budget / pictures), of: output.height * output.width)
        let gather = Gather(convolution, input: input, tensor: tensor, grid: grid, outputWidth: output.width, positions: positions, pictures: pictures)
        if convolution.groups == 1 {
            sumOne(gather, threads: threads)
        } else {
            sumGroups(gather, convolution.groups, threads: threads)
        }
    }

    // MARK: - One large matrix

    /// A product of a matrix with its transpose is what the float convolution kernel computes when rows are pictures' positions and weights at once.
    private func sumOne(_ gather: Gather, threads: Int) {
        let count = gather.count
        let means = Self.means(gather, firstChannel: 0, size: size, threads: threads)
        let matrix = SharedArray<Float>(repeating: 0, count: size * Self.block)
        let rows = AlignedBuffer(bytes: size * Self.block * 4)
        let product = AlignedBuffer(bytes: size * size * 4)
        let size = size
        for start in stride(from: 0, to: count, by: Self.block) {
            let samples = min(Self.block, count - start)
            // [size][samples]
            parallel(samples, threads: threads) { range in
                let values = UnsafeMutablePointer<Float>.allocate(capacity: size)
                defer { values.deallocate() }
                for i in range {
                    gather.fill(start + i, firstChannel: 0, into: values)
                    for k in 0..<size { matrix[k * samples + i] = values[k] - means[k] }
                }
            }
            rows.floats.update(from: matrix.pointer(0), count: size * samples)
            let shapes = [samples, size].map { TensorDescription(Tensor(name: "rows", height: 1, width: size, channels: $0)) }
            // Columns in strips, one a thread: the kernel computes whole outputs, so the split changes no bit.
            parallel(size, threads: threads) { range in
                var operation = OperatorDescription(kind: .convolutionFloat, name: "covariance", inputs: [0], output: 1)
                operation.floatWeights = Array(UnsafeBufferPointer(start: matrix.pointer(range.lowerBound * samples), count: range.count * samples))
                operation.floatBias = Array(repeating: 0, count: range.count)
                var output = shapes[1]
                output.channels = range.count
                let kernel = PackedOperator(operation, inputs: [shapes[0]], output: output)
                let result = AlignedBuffer(bytes: size * range.count * 4)
                kernel.run(rows.base, into: result.base, scratch: kernel.makeScratch())
                for i in 0..<size {
                    for j in 0..<range.count { product.floats[i * size + range.lowerBound + j] = result.floats[i * range.count + j] }
                }
            }
            for i in 0..<size * size { sums[i] += Double(product.floats[i]) }
        }
        for i in 0..<size * size { sums[i] /= Double(count) }
    }

    private static func means(_ gather: Gather, firstChannel: Int, size: Int, threads: Int) -> [Float] {
        let perPicture = SharedArray(repeating: 0.0, count: gather.pictures * size)
        parallel(gather.pictures, threads: threads) { range in
            let values = UnsafeMutablePointer<Float>.allocate(capacity: size)
            defer { values.deallocate() }
            for picture in range {
                for i in 0..<gather.perPicture {
                    gather.fill(picture * gather.perPicture + i, firstChannel: firstChannel, into: values)
                    for k in 0..<size { perPicture[picture * size + k] += Double(values[k]) }
                }
            }
        }
        return (0..<size).map { k in
            Float((0..<gather.pictures).reduce(0.0) { $0 + perPicture[$1 * size + k] } / Double(gather.count))
        }
    }

    // MARK: - A small matrix a group

    private func sumGroups(_ gather: Gather, _ groups: Int, threads: Int) {
        let size = size
        let channels = gather.channelsPerGroup
        parallel(groups, threads: threads) { range in
            let values = UnsafeMutablePointer<Float>.allocate(capacity: size)
            let total = UnsafeMutablePointer<Double>.allocate(capacity: size)
            defer {
                values.deallocate()
                total.deallocate()
            }
            for g in range {
                let matrix = sums.pointer(g * size * size)
                total.initialize(repeating: 0, count: size)
                for i in 0..<gather.count {
                    gather.fill(i, firstChannel: g * channels, into: values)
                    for a in 0..<size {
                        // Whole numbers below 2^9: their products and sums are exact in double.
                        let value = Double(values[a])
                        total[a] += value
                        if value == 0 { continue }
                        for b in 0...a { matrix[a * size + b] += value * Double(values[b]) }
                    }
                }
                let count = Double(gather.count)
                for a in 0..<size {
                    for b in 0...a {
                        let value = matrix[a * size + b] / count - total[a] / count * (total[b] / count)
                        (matrix[a * size + b], matrix[b * size + a]) = (value, value)
                    }
                }
            }
        }
    }
}

/// The inputs of one output at a sampled position: [kernel position][channel of the group], as q - zero point, 0 outside the picture.
private struct Gather: Sendable {
    let pictures: Int
    let channelsPerGroup: Int
    private let window: Window
    private let input: PictureTensor
    private let tensor: Tensor
    private let offsets: [Float]
    private let outputWidth: Int
    private let positions: [Int]

    var perPicture: Int { positions.count }
    var count: Int { pictures * positions.count }

    init(
        _ convolution: Convolution, input: PictureTensor, tensor: Tensor, grid: Grid, outputWidth: Int, positions: [Int], pictures: Int
    ) {
        self.pictures = pictures
        channelsPerGroup = convolution.inputsPerGroup
        window = convolution.window
        self.input = input
        self.tensor = tensor
        offsets = (0..<tensor.channels).map { grid.offset($0) + Float(SK_ACT_OFFSET) }
        self.outputWidth = outputWidth
        self.positions = positions
    }

    func fill(_ sample: Int, firstChannel: Int, into values: UnsafeMutablePointer<Float>) {
        let q = input.activations(sample / positions.count)
        let position = positions[sample % positions.count]
        let top = position / outputWidth * window.strideHeight - window.padTop
        let left = position % outputWidth * window.strideWidth - window.padLeft
        var at = values
        offsets.withUnsafeBufferPointer { offset in
            for ky in 0..<window.kernelHeight {
                let y = top + ky * window.dilationHeight
                for kx in 0..<window.kernelWidth {
                    let x = left + kx * window.dilationWidth
                    if y < 0 || y >= tensor.height || x < 0 || x >= tensor.width {
                        at.update(repeating: 0, count: channelsPerGroup)
                    } else {
                        let row = q + (y * tensor.width + x) * tensor.channels + firstChannel
                        for c in 0..<channelsPerGroup { at[c] = Float(row[c]) - offset[firstChannel + c] }
                    }
                    at += channelsPerGroup
                }
            }
        }
    }
}
