/// How a picture becomes a model's input: resize, crop in the middle, order the channels, subtract the mean, divide by the deviation.
public struct Preprocessing: Sendable, Equatable {
    public enum Resize: Sendable, Equatable {
        case none
        /// The shorter side gets this length, the longer one keeps its proportion, rounded with halves to even.
        case shorterSide(Int)
        case exact(height: Int, width: Int)
    }

    /// Each gives the very bytes of the library it is named for.
    public enum Interpolation: UInt8, Sendable {
        /// OpenCV's INTER_LINEAR, which does not smooth when it reduces.
        case opencvBilinear = 0
        /// Pillow's BILINEAR, which torchvision uses.
        case pillowBilinear = 1
        /// Pillow's BICUBIC.
        case pillowBicubic = 2
    }

    public enum ChannelOrder: UInt8, Sendable {
        case rgb = 0
        case bgr = 1
    }

    public var resize: Resize
    /// Size of the part kept from the middle; both 0: all.
    public var cropHeight: Int
    public var cropWidth: Int
    public var interpolation: Interpolation
    public var channelOrder: ChannelOrder
    /// Three values in `channelOrder`, in pixel units: 0 to 255.
    public var mean: [Float]
    /// Three values in `channelOrder`, in pixel units.
    public var std: [Float]

    /// Without arguments: what ImageNet classifiers are mostly trained for.
    public init(
        resize: Resize = .shorterSide(256), cropHeight: Int = 224, cropWidth: Int = 224, interpolation: Interpolation = .opencvBilinear,
        channelOrder: ChannelOrder = .rgb, mean: [Float] = [123.675, 116.28, 103.53], std: [Float] = [58.395, 57.12, 57.375]
    ) {
        self.resize = resize
        self.cropHeight = cropHeight
        self.cropWidth = cropWidth
        self.interpolation = interpolation
        self.channelOrder = channelOrder
        self.mean = mean
        self.std = std
    }

    /// Throws when a size is out of bounds or a constant is missing, not finite or a zero to divide by, whatever the picture.
    public func validate() throws(SwiftletError) {
        switch resize {
        case .none: break
        case .shorterSide(let side):
            guard (1...Image.maximumSide).contains(side) else { throw .badInput("resize: a shorter side of \(side) pixels") }
        case .exact(let height, let width):
            guard Image.isWithinBounds(height: height, width: width) else { throw .badInput("resize: to \(width)x\(height) pixels") }
        }
        guard cropHeight == 0 && cropWidth == 0 || Image.isWithinBounds(height: cropHeight, width: cropWidth) else {
            throw .badInput("crop: \(cropWidth)x\(cropHeight) pixels")
        }
        guard mean.count == 3, std.count == 3 else { throw .badInput("mean and std: three values each are needed") }
        for channel in 0..<3 where !mean[channel].isFinite || !std[channel].isFinite || std[channel] == 0 {
            throw .badInput("mean and std: channel \(channel) has mean \(mean[channel]), std \(std[channel])")
        }
    }

    /// The size of every result; nil when it depends on the picture.
    public var outputSize: (height: Int, width: Int)? {
        if cropHeight > 0 { return (cropHeight, cropWidth) }
        if case .exact(let height, let width) = resize { return (height, width) }
        return nil
    }
}
