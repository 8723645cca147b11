import Foundation
import SwiftletQuantization
import SwiftletRuntime

extension Preprocessing {
    /// Fills a wish up for a model's input: sizes that nobody chose keep the usual ratio of 256 to 224, and a map that is not square is
    /// filled exactly.
    /// - Throws: when the sizes that were chosen do not give what the model takes.
    init(_ wish: PreprocessingWish, height: Int, width: Int) throws(ToolError) {
        self.init()
        mean = wish.mean ?? mean
        std = wish.std ?? std
        interpolation = wish.interpolation ?? interpolation
        channelOrder = wish.channels ?? channelOrder
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

    /// The grid that pixels have after normalizing: calibration takes it as it is.
    var inputRange: CalibrationSet.InputRange { .pixels(mean: mean, std: std) }
}
