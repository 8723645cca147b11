extension Preprocessing {
    /// Resizes and crops: [height][width][3] in `channelOrder`, of `outputSize` where there is one.
    ///
    /// Throws when the resized picture is smaller than the crop or absurdly large, and what `validate` throws.
    public func apply(_ image: Image) throws(SwiftletError) -> Image {
        try validate()
        let window = try window(height: image.height, width: image.width)
        let result = try resized(image, to: window)
        if channelOrder == .bgr { result.swapRedAndBlue() }
        return result
    }

    /// x = (pixel - mean) / std in single precision, for pixels as `apply` gives them: NHWC.
    package func normalize(_ pixels: UnsafeBufferPointer<UInt8>) -> [Float] {
        let table = (0..<3).map { channel in (0...255).map { normalized(pixel: UInt8($0), channel: channel) } }
        return [Float](unsafeUninitializedCapacity: pixels.count) { values, count in
            var channel = 0
            for index in 0..<pixels.count {
                values.initializeElement(at: index, to: table[channel][Int(pixels[index])])
                channel = channel == 2 ? 0 : channel + 1
            }
            count = pixels.count
        }
    }

    /// What `normalize` makes of one value; `channel` counts in `channelOrder`.
    package func normalized(pixel: UInt8, channel: Int) -> Float {
        (Float(pixel) - mean[channel]) / std[channel]
    }

    private func resized(_ image: Image, to window: ResizeWindow) throws(SwiftletError) -> Image {
        if window.height == image.height, window.width == image.width {
            return try image.cropped(rows: window.rows, columns: window.columns)
        }
        switch interpolation {
        case .opencvBilinear: return try OpenCVBilinear.resize(image, to: window)
        case .pillowBilinear: return try PillowFilter.bilinear.resize(image, to: window)
        case .pillowBicubic: return try PillowFilter.bicubic.resize(image, to: window)
        }
    }

    /// Where the crop lies in the resized picture.
    private func window(height: Int, width: Int) throws(SwiftletError) -> ResizeWindow {
        var target = (height: height, width: width)
        switch resize {
        case .none: break
        case .exact(let height, let width): target = (height, width)
        case .shorterSide(let side):
            let factor = Double(side) / Double(min(height, width))
            guard Double(max(height, width)) * factor <= Double(Image.maximumSide) else {
                throw .badInput("a picture of \(width)x\(height) pixels is too long for a shorter side of \(side)")
            }
            target = (max(Rounding.halfEven(Double(height) * factor), 1), max(Rounding.halfEven(Double(width) * factor), 1))
        }
        let crop = cropHeight == 0 ? target : (height: cropHeight, width: cropWidth)
        guard crop.height <= target.height, crop.width <= target.width else {
            throw .badInput("\(target.width)x\(target.height) pixels after resizing, less than the crop of \(crop.width)x\(crop.height)")
        }
        let top = (target.height - crop.height) / 2
        let left = (target.width - crop.width) / 2
        return ResizeWindow(
            height: target.height, width: target.width, rows: top..<(top + crop.height), columns: left..<(left + crop.width))
    }
}

extension Image {
    /// Only while the picture is being made.
    fileprivate func swapRedAndBlue() {
        for index in stride(from: 0, to: byteCount, by: 3) {
            (storage[index], storage[index + 2]) = (storage[index + 2], storage[index])
        }
    }
}
