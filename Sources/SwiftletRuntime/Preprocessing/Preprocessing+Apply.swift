extension Preprocessing {
    /// Resizes and crops: [height][width][channels] in `channelOrder`, of `outputSize` where there is one.
    ///
    /// Throws when the resized picture is smaller than the crop or absurdly large, when `image` has lost its colors already, and what
    /// `validate` throws.
    public func apply(_ image: Image) throws(SwiftletError) -> Image {
        try validate()
        guard image.channels == 3 else { throw .badInput("a picture of one channel, as preprocessing makes it: it is done already") }
        let window = try window(height: image.height, width: image.width)
        switch channelOrder {
        case .rgb: return try resized(image, to: window)
        case .bgr:
            let result = try resized(image, to: window)
            result.swapRedAndBlue()
            return result
        case .gray: return try resized(image.luma(), to: window).firstChannel()
        }
    }

    /// x = (pixel - mean) / std in single precision, for pixels as `apply` gives them: NHWC.
    package func normalize(_ pixels: UnsafeBufferPointer<UInt8>) -> [Float] {
        let table = (0..<channels).map { channel in (0...255).map { normalized(pixel: UInt8($0), channel: channel) } }
        return [Float](unsafeUninitializedCapacity: pixels.count) { values, count in
            var channel = 0
            for index in 0..<pixels.count {
                values.initializeElement(at: index, to: table[channel][Int(pixels[index])])
                channel = channel == channels - 1 ? 0 : channel + 1
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
    /// The luma in all three channels, by the very integers of Pillow's `convert("L")`: gray stays as it is.
    fileprivate func luma() throws(SwiftletError) -> Image {
        let result = try Image(height: height, width: width)
        for index in stride(from: 0, to: byteCount, by: 3) {
            let red = UInt32(storage[index]) * 19_595
            let sum = red + UInt32(storage[index + 1]) * 38_470 + UInt32(storage[index + 2]) * 7_471
            let luma = UInt8((sum + 0x8000) >> 16)
            for channel in 0..<3 { result.storage[index + channel] = luma }
        }
        return result
    }

    /// One channel of a picture whose three are equal.
    fileprivate func firstChannel() throws(SwiftletError) -> Image {
        let result = try Image(height: height, width: width, channels: 1)
        for index in 0..<result.byteCount { result.storage[index] = storage[index * 3] }
        return result
    }

    /// Only while the picture is being made.
    fileprivate func swapRedAndBlue() {
        for index in stride(from: 0, to: byteCount, by: 3) {
            (storage[index], storage[index + 2]) = (storage[index + 2], storage[index])
        }
    }
}
