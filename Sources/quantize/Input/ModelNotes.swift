import Foundation
import SwiftletImport
import SwiftletRuntime

/// The JSON file beside a model, of the same name: how its pictures are prepared.
struct ModelNotes: Decodable {
    var mean: [Float]?
    var std: [Float]?
    /// "RGB", "BGR" or "GRAY".
    var channels: String?
    /// "NCHW", or with the input's size "NCHW 3x48x192".
    var layout: String?
    /// Free text: see `ResizeNote`.
    var resize: String?

    static func path(beside model: String) -> String {
        URL(fileURLWithPath: model).deletingPathExtension().appendingPathExtension("json").relativePath
    }

    /// Reads the file beside `model`; nil when there is none.
    static func beside(_ model: String) throws(ToolError) -> ChosenPreprocessing.Statement? {
        let path = path(beside: model)
        guard path != model, FileManager.default.fileExists(atPath: path), try !isModel(path) else { return nil }
        return try ChosenPreprocessing.Statement(try JSONFile.decode(ModelNotes.self, path).wish(path), from: path)
    }

    /// Whether the file is a model itself, as Paddle's programs in JSON are.
    private static func isModel(_ path: String) throws(ToolError) -> Bool {
        Importers.recognizes(SourceFile(path: path, bytes: try InputFile.read(path, atMost: Importers.largestFile)))
    }

    private func wish(_ path: String) throws(ToolError) -> PreprocessingWish {
        try ChannelValues.check(mean: mean, std: std, "\(path): ")
        let order = channels.flatMap { Preprocessing.ChannelOrder(argument: $0.lowercased()) }
        guard channels == nil || order != nil else { throw .badInput("\(path): channels is '\(channels!)', neither RGB, BGR nor GRAY") }
        var wish = PreprocessingWish(mean: mean, std: std, channels: order)
        // "NCHW 3x48x192": the last two sides.
        let sides = (layout?.split(separator: " ").last ?? "").split(separator: "x")
        if sides.count == 3, Int(sides[0]) != nil { wish.resize = PictureSize(argument: "\(sides[1])x\(sides[2])") }
        if let note = resize.flatMap(ResizeNote.init) {
            wish.interpolation = note.interpolation
            if note.resize != nil || note.crop != nil { (wish.resize, wish.crop) = (note.resize, note.crop) }
        }
        return wish
    }
}
