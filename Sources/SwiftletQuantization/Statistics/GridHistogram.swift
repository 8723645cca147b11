import SwiftletGraph

/// Counts values by where they fall on their channel's int8 grid, so that channels of different scales share one picture.
package enum GridHistogram {
    /// Bins of equal width from `low` to `high`, in grid steps; values beyond fall into the last ones. The grid is -128...127.
    package static let bins = 64
    package static let low: Float = -192
    package static let high: Float = 192
    /// Pictures that are enough for a shape.
    static let pictures = 8

    static func count(_ values: PictureTensor, tensor: Tensor, grid: Grid) -> [Int] {
        var counts = [Int](repeating: 0, count: bins)
        let inverse = (0..<tensor.channels).map { 1 / grid.scale($0) }
        let offset = (0..<tensor.channels).map { grid.offset($0) - low }
        let perStep = Float(bins) / (high - low)
        counts.withUnsafeMutableBufferPointer { counts in
            for picture in evenlySpaced(min(pictures, values.pictures), of: values.pictures) {
                let x = values.floats(picture)
                for start in stride(from: 0, to: tensor.count, by: tensor.channels) {
                    for c in 0..<tensor.channels {
                        let at = (x[start + c] * inverse[c] + offset[c]) * perStep
                        counts[at > 0 ? (at < Float(bins) ? Int(at) : bins - 1) : 0] += 1
                    }
                }
                values.release(picture)
            }
        }
        return counts
    }
}
