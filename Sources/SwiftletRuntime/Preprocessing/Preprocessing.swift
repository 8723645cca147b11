/// How a picture becomes a model's input: resize, crop in the middle, order the channels, subtract the mean, divide by the deviation.
public struct Preprocessing: Sendable, Equatable {
    /// What is done to a picture's size before the crop.
    public enum Resize: Sendable, Equatable {
        /// Nothing: pictures have the model's size already.
        case none
        /// The shorter side gets this length, the longer one keeps its proportion, rounded with halves to even.
        case shorterSide(Int)
        /// Exactly this size, whatever the proportion becomes.
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

    /// The order of the channels that a model takes.
    public enum ChannelOrder: UInt8, Sendable {
        /// Red first, as Pillow has it.
        case rgb = 0
        /// Blue first, as OpenCV has it.
        case bgr = 1
        /// One channel, the luma that Pillow's `convert("L")` gives.
        case gray = 2
    }

    /// What is done to the size, first of all.
    public var resize: Resize
    /// Rows of the part kept from the middle; both this and `cropWidth` 0: all.
    public var cropHeight: Int
    /// Columns of the part kept from the middle.
    public var cropWidth: Int
    /// How pixels are resampled.
    public var interpolation: Interpolation
    /// The order in which the model takes the channels.
    public var channelOrder: ChannelOrder
    /// A value a channel in `channelOrder`, in pixel units: 0 to 255.
    public var mean: [Float]
    /// A value a channel in `channelOrder`, in pixel units.
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
        guard mean.count == channels, std.count == channels else {
            throw .badInput(channels == 1 ? "mean and std: one value each is needed" : "mean and std: three values each are needed")
        }
        for channel in 0..<channels where !mean[channel].isFinite || !std[channel].isFinite || std[channel] == 0 {
            throw .badInput("mean and std: channel \(channel) has mean \(mean[channel]), std \(std[channel])")
        }
    }

    /// Of every result: 3, or 1 where pictures become gray.
    public var channels: Int { channelOrder == .gray ? 1 : 3 }

    /// The size of every result; nil when it depends on the picture.
    public var outputSize: (height: Int, width: Int)? {
        if cropHeight > 0 { return (cropHeight, cropWidth) }
        if case .exact(let height, let width) = resize { return (height, width) }
        return nil
    }
}
