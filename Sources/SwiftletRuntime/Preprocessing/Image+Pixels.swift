extension Image {
    /// A picture from raw pixels of any format.
    /// - Parameters:
    ///   - pixels: the first byte of the first row; as many rows follow as the format has.
    ///   - stride: bytes from one row to the next.
    /// - Throws: bad input where the sizes do not fit the format.
    package static func converting(
        _ pixels: UnsafePointer<UInt8>, height: Int, width: Int, stride: Int, format: PixelFormat
    ) throws(SwiftletError) -> Image {
        try format.check(height: height, width: width, stride: stride)
        let image = try Image(height: height, width: width)
        for index in 0..<height {
            let (row, target) = (pixels + index * stride, image.row(index))
            switch format {
            case .rgb: target.update(from: row, count: image.rowBytes)
            case .bgr: convert(row, step: 3, red: 2, green: 1, blue: 0, to: target, width)
            case .rgba: convert(row, step: 4, red: 0, green: 1, blue: 2, to: target, width)
            case .bgra: convert(row, step: 4, red: 2, green: 1, blue: 0, to: target, width)
            case .gray: convert(row, step: 1, red: 0, green: 0, blue: 0, to: target, width)
            case .nv12:
                let color = pixels + (height + index / 2) * stride
                ColorDifferenceRow(y: row, yStep: 1, u: color, v: color + 1, colorStep: 2).convert(to: target, width)
            case .i420:
                let (color, offset) = (pixels + height * stride, index / 2 * (stride / 2))
                let other = color + height / 2 * (stride / 2)
                ColorDifferenceRow(y: row, yStep: 1, u: color + offset, v: other + offset, colorStep: 1).convert(to: target, width)
            case .yuyv:
                ColorDifferenceRow(y: row, yStep: 2, u: row + 1, v: row + 3, colorStep: 4).convert(to: target, width)
            }
        }
        return image
    }

    /// - Parameters:
    ///   - step: bytes from one pixel to the next.
    ///   - red: where the red byte of a pixel stands; `green` and `blue` likewise.
    @inline(__always)
    private static func convert(
        _ row: UnsafePointer<UInt8>, step: Int, red: Int, green: Int, blue: Int, to target: UnsafeMutablePointer<UInt8>, _ width: Int
    ) {
        for column in 0..<width {
            let (pixel, result) = (row + column &* step, target + column &* 3)
            result[0] = pixel[red]
            result[1] = pixel[green]
            result[2] = pixel[blue]
        }
    }
}

/// A row of luma with the color differences that two neighboring pixels share.
private struct ColorDifferenceRow {
    let y: UnsafePointer<UInt8>
    /// Bytes from one luma value to the next.
    let yStep: Int
    let u: UnsafePointer<UInt8>
    let v: UnsafePointer<UInt8>
    /// Bytes from one value of `u` or `v` to the next.
    let colorStep: Int

    /// To RGB by ITU-R BT.601, limited range, in the 20-bit fixed point of OpenCV's cvtColor.
    /// - Parameter width: even.
    func convert(to target: UnsafeMutablePointer<UInt8>, _ width: Int) {
        for pair in 0..<(width / 2) {
            let uValue = Int32(u[pair &* colorStep]) &- 128
            let vValue = Int32(v[pair &* colorStep]) &- 128
            let half: Int32 = 1 << 19
            let red = half &+ 1_673_527 &* vValue
            let green = half &- 852_492 &* vValue &- 409_993 &* uValue
            let blue = half &+ 2_116_026 &* uValue
            for pixel in (2 &* pair)..<(2 &* pair &+ 2) {
                let luma = 1_220_542 &* max(Int32(y[pixel &* yStep]) &- 16, 0)
                let result = target + pixel &* 3
                result[0] = ColorDifferenceRow.clamp(luma &+ red)
                result[1] = ColorDifferenceRow.clamp(luma &+ green)
                result[2] = ColorDifferenceRow.clamp(luma &+ blue)
            }
        }
    }

    @inline(__always)
    private static func clamp(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(value >> 20, 0), 255))
    }
}
