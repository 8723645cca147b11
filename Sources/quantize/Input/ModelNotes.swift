import Foundation
import SwiftletRuntime

/// The JSON file beside a model, of the same name: how its pictures are prepared.
struct ModelNotes: Decodable {
    var mean: [Float]?
    var std: [Float]?
    /// "RGB" or "BGR".
    var channels: String?
    /// "NCHW", or with the input's size "NCHW 3x48x192".
    var layout: String?
    /// Free text: see `ResizeNote`.
    var resize: String?

    /// Reads the file beside `model`; nil when there is none.
    static func beside(_ model: String) throws(ToolError) -> (path: String, wish: PreprocessingWish)? {
        let path = URL(fileURLWithPath: model).deletingPathExtension().appendingPathExtension("json").relativePath
        guard path != model, FileManager.default.fileExists(atPath: path) else { return nil }
        return try ToolError.wrapping(.badInput, path) {
            let notes = try JSONDecoder().decode(ModelNotes.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            return (path, try notes.wish(path))
        }
    }

    private func wish(_ path: String) throws(ToolError) -> PreprocessingWish {
        for (key, values) in [("mean", mean), ("std", std)] {
            guard values?.count ?? 3 == 3 else { throw .badInput("\(path): \(key) needs three numbers") }
        }
        guard std?.allSatisfy({ $0 > 0 }) ?? true else { throw .badInput("\(path): std must be above 0") }
        let order = channels.flatMap { Preprocessing.ChannelOrder(argument: $0.lowercased()) }
        guard channels == nil || order != nil else { throw .badInput("\(path): channels is '\(channels!)', neither RGB nor BGR") }
        var wish = PreprocessingWish(mean: mean, std: std, channels: order)
        // "NCHW 3x48x192": the last two sides.
        let sides = (layout?.split(separator: " ").last ?? "").split(separator: "x").compactMap { Int($0) }
        if sides.count == 3 { wish.resize = .exact(height: sides[1], width: sides[2]) }
        if let note = resize.flatMap(ResizeNote.init) {
            wish.interpolation = note.interpolation
            if note.resize != nil || note.crop != nil { (wish.resize, wish.crop) = (note.resize, note.crop) }
        }
        return wish
    }
}
