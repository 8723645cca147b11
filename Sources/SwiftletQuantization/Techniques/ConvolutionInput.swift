import SwiftletGraph

/// What a convolution reads on the calibration set: the quantized network's values, on their int8 grid.
struct ConvolutionInput: Sendable {
    let convolution: Convolution
    /// The input's shape.
    let tensor: Tensor
    let grid: Grid
    /// The input on `grid`, of all pictures.
    let values: PictureTensor
    /// The output's shape.
    let output: Tensor
}
