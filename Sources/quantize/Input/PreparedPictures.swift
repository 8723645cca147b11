import Foundation
import SwiftletQuantization
import SwiftletRuntime

extension Preprocessing {
    /// Fills a wish up for a model's input: sizes that nobody chose keep the usual ratio of 256 to 224, and a map that is not square is filled exactly.
    /// - Throws: when the sizes that were chosen do not give what the model takes.
    init(_ wish: PreprocessingWish, height: Int, width: Int) throws(ToolError) {
        let all = wish.filled(from: .imageNet)
        self.init()
        mean = all.mean!
        std = all.std!
        interpolation = all.interpolation!.value
        channelOrder = all.channels == .bgr ? .bgr : .rgb
        let size: (height: Int, width: Int)
        switch (all.resize, all.crop?.square) {
        case (nil, nil) where height != width:
            resize = .exact(height: height, width: width)
            size = (height, width)
        case (let wanted, let crop):
            switch wanted {
            case .exact(let h, let w)?: resize = .exact(height: h, width: w)
            case .side(let side)?: resize = .shorterSide(side)
            case nil: resize = .shorterSide((min(height, width) * 256 + 112) / 224)
            }
            if case .exact(let h, let w)? = wanted, crop == nil {
                size = (h, w)
            } else {
                size = crop ?? (height, width)
                (cropHeight, cropWidth) = size
            }
        }
        guard size == (height, width) else {
            throw .usage("pictures come out \(size.height)x\(size.width), but the model takes \(height)x\(width): use --crop \(height)x\(width)")
        }
    }

    /// A picture file as the model's input: decoded, resized, cropped.
    func picture(_ path: String) throws(ToolError) -> Image {
        try ToolError.wrapping(.badInput, path) {
            try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes { try apply(Image.decode($0)) }
        }
    }

    /// The grid that pixels have after normalising: calibration takes it as it is.
    var inputRange: CalibrationSet.InputRange { .pixels(mean: mean, std: std) }
}
