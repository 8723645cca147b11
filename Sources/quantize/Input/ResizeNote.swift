import Foundation
import SwiftletRuntime

/// What a free text such as "shorter side 256 bilinear (PIL), center crop 224" says about resizing. Only a text that names the library is
/// taken at its word, since the same filter differs from one library to the next.
struct ResizeNote {
    let interpolation: Preprocessing.Interpolation
    /// After "shorter side".
    private(set) var resize: PictureSize?
    /// After "crop".
    private(set) var crop: PictureSize?

    /// Nil when the text names neither Pillow (PIL) nor OpenCV (cv2), or a filter of theirs that there is nothing for.
    init?(_ text: String) {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        let isBicubic = words.contains("bicubic")
        guard Set(words).isDisjoint(with: ["nearest", "area", "box", "hamming", "lanczos", "lanczos4"]) else { return nil }
        if words.contains("pil") || words.contains("pillow") {
            interpolation = isBicubic ? .pillowBicubic : .pillowBilinear
        } else if words.contains("opencv") || words.contains("cv2"), !isBicubic {
            interpolation = .opencvBilinear
        } else {
            return nil
        }
        resize = ResizeNote.size(in: words, after: ["shorter", "side"])
        crop = ResizeNote.size(in: words, after: ["crop"])
    }

    private static func size(in words: [String], after phrase: [String]) -> PictureSize? {
        words.indices.lazy.dropFirst(phrase.count).filter { words[($0 - phrase.count)..<$0].elementsEqual(phrase) }
            .compactMap { PictureSize(argument: words[$0]) }.first
    }
}
