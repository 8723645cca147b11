import CKernels
import SwiftletGraph

/// What a convolution reads at sampled output positions of every picture: q - zero point, 0 outside the picture.
struct SampledInputs: Sendable {
    let pictures: Int
    let channelsPerGroup: Int
    private let window: Window
    private let values: PictureTensor
    private let tensor: Tensor
    private let offsets: [Float]
    private let outputWidth: Int
    private let positions: [Int]

    var perPicture: Int { positions.count }
    var count: Int { pictures * positions.count }

    /// - Parameter positions: numbers of the output's positions, the same in all pictures.
    init(_ input: ConvolutionInput, positions: [Int]) {
        pictures = input.values.pictures
        channelsPerGroup = input.convolution.inputsPerGroup
        window = input.convolution.window
        values = input.values
        tensor = input.tensor
        offsets = (0..<tensor.channels).map { input.grid.offset($0) + Float(SK_ACT_OFFSET) }
        outputWidth = input.output.width
        self.positions = positions
    }

    /// The window at one sample: [kernel position][channel], for some channels.
    @inline(__always)
    func fill(_ sample: Int, channels: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        let (first, count) = (channels.lowerBound, channels.count)
        let q = values.activations(sample / positions.count)
        let position = positions[sample % positions.count]
        let top = position / outputWidth * window.strideHeight - window.padTop
        let left = position % outputWidth * window.strideWidth - window.padLeft
        var at = target
        offsets.withUnsafeBufferPointer { offset in
            for ky in 0..<window.kernelHeight {
                let y = top + ky * window.dilationHeight
                for kx in 0..<window.kernelWidth {
                    let x = left + kx * window.dilationWidth
                    if y < 0 || y >= tensor.height || x < 0 || x >= tensor.width {
                        for c in 0..<count { at[c] = 0 }
                    } else {
                        let row = q + (y * tensor.width + x) * tensor.channels + first
                        for c in 0..<count { at[c] = Float(row[c]) - offset[first + c] }
                    }
                    at += count
                }
            }
        }
        if sample % positions.count == positions.count - 1 { values.release(sample / positions.count) }
    }
}
