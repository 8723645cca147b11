import Foundation
import SwiftletQuantization
import SwiftletRuntime

extension Preprocessing {
    /// Fills a wish up for a model's input: sizes that nobody chose keep the usual ratio of 256 to 224, and a map that is not square is
    /// filled exactly. A model of one channel takes gray pictures.
    /// - Throws: when what was chosen does not give what the model takes.
    init(_ wish: PreprocessingWish, height: Int, width: Int, channels: Int) throws(ToolError) {
        self.init()
        interpolation = wish.interpolation ?? interpolation
        channelOrder = wish.channels ?? (channels == 1 ? .gray : channelOrder)
        guard (channelOrder == .gray) == (channels == 1) else {
            let advice = channels == 1 ? "use --channels gray" : "leave --channels gray out"
            throw .usage("the model takes \(channels) channel\(channels == 1 ? "" : "s"): \(advice)")
        }
        mean = try values(wish.mean, "--mean") ?? (channelOrder == .gray ? [Preprocessing.middle] : mean)
        std = try values(wish.std, "--std") ?? (channelOrder == .gray ? [Preprocessing.middle] : std)
        switch wish.resize {
        case .side(let side)?: resize = .shorterSide(side)
        case .exact(let height, let width)?: resize = .exact(height: height, width: width)
        case nil where height == width || wish.crop != nil: resize = .shorterSide((min(height, width) * 256 + 112) / 224)
        case nil: resize = .exact(height: height, width: width)
        }
        if let crop = wish.crop?.square {
            (cropHeight, cropWidth) = crop
        } else if case .exact = resize {
            (cropHeight, cropWidth) = (0, 0)
        } else {
            (cropHeight, cropWidth) = (height, width)
        }
        if let size = outputSize, size != (height, width) {
            let wanted = "\(height)x\(width)"
            throw .usage("pictures come out \(size.height)x\(size.width), but the model takes \(wanted): use --crop \(wanted)")
        }
    }

    /// Mean and deviation of gray pixels where nobody says them: ImageNet's are those of colors.
    private static let middle: Float = 127.5

    /// A value for each channel: one stands for all.
    private func values(_ wish: [Float]?, _ option: String) throws(ToolError) -> [Float]? {
        guard let wish, wish.count != channels else { return wish }
        guard wish.allSatisfy({ $0 == wish[0] }) else { throw .usage("\(option): the model takes one channel, so one value") }
        return [Float](repeating: wish[0], count: channels)
    }

    /// What was assumed where nobody said that pictures become gray.
    func grayNote(_ wish: PreprocessingWish) -> String? {
        guard channelOrder == .gray, wish.channels == nil else { return nil }
        let scaling = wish.mean == nil && wish.std == nil ? ", (pixel - 127.5) / 127.5 since no --mean and --std say otherwise" : ""
        return "the model takes one channel: pictures become gray as Pillow's convert(\"L\") makes them\(scaling)"
    }

    /// The grid that pixels have after normalizing: calibration takes it as it is.
    var inputRange: CalibrationSet.InputRange { .pixels(mean: mean, std: std) }
}
