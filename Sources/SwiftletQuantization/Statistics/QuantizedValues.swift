import CKernels
import SwiftletGraph

/// A tensor of the quantized network: int8 on its grid, or float where a float layer made it.
enum QuantizedValues: Sendable {
    case int8(PictureTensor, Grid)
    case float(PictureTensor)

    func release(_ picture: Int) {
        switch self {
        case .int8(let values, _), .float(let values): values.release(picture)
        }
    }

    /// The real values of one picture: the float ones themselves, or int8 ones converted into `buffer`, which holds one picture.
    func real(_ picture: Int, tensor: Tensor, into buffer: AlignedBuffer) -> UnsafeMutablePointer<Float> {
        switch self {
        case .float(let values): return values.floats(picture)
        case .int8(let values, let grid):
            let scales = (0..<tensor.channels).map(grid.scale)
            Self.center(values.activations(picture), tensor: tensor, grid: grid, into: buffer)
            scales.withUnsafeBufferPointer { scale in
                for start in stride(from: 0, to: tensor.count, by: tensor.channels) {
                    for c in 0..<tensor.channels { buffer.floats[start + c] *= scale[c] }
                }
            }
            return buffer.floats
        }
    }

    /// q - zero point as floats. Whole numbers, unless the grid has fractional offsets.
    static func center(_ q: UnsafePointer<sk_act>, tensor: Tensor, grid: Grid, into buffer: AlignedBuffer) {
        let offsets = (0..<tensor.channels).map { grid.offset($0) + Float(SK_ACT_OFFSET) }
        offsets.withUnsafeBufferPointer { offset in
            for start in stride(from: 0, to: tensor.count, by: tensor.channels) {
                for c in 0..<tensor.channels { buffer.floats[start + c] = Float(q[start + c]) - offset[c] }
            }
        }
    }
}
