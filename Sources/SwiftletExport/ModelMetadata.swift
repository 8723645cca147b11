import Foundation
import SwiftletImport
import SwiftletRuntime

/// What a .slet says beyond its operators, as ONNX's metadata: `labels` a JSON list, `preprocessing` a JSON object in the words of
/// `quantize`'s options, and the provenance's own keys.
struct ModelMetadata {
    private struct Pictures: Encodable {
        let resize: String
        let crop: String
        let interpolation: String
        let channels: String
        let mean: [Float]
        let std: [Float]
    }

    private let model: ModelBuilder

    init(_ model: ModelBuilder) {
        self.model = model
    }

    var entries: [ONNX_StringStringEntryProto] {
        var entries: [(key: String, value: String)] = []
        if !model.labels.isEmpty { entries.append(("labels", json(model.labels))) }
        if model.tensors[model.input].channels == model.preprocessing.channels { entries.append(("preprocessing", json(pictures))) }
        let heads = model.outputs.filter { $0.head != .none }.map { "\($0.name): \($0.head.name)" }
        if !heads.isEmpty { entries.append(("heads", heads.joined(separator: ", "))) }
        // A key may be there twice in a .slet, but not here.
        var keys = Set(entries.map(\.key))
        for entry in model.provenance where keys.insert(entry.key).inserted { entries.append(entry) }
        return entries.map { key, value in
            var entry = ONNX_StringStringEntryProto()
            (entry.key, entry.value) = (key, value)
            return entry
        }
    }

    private var pictures: Pictures {
        let preprocessing = model.preprocessing
        let resize: String
        switch preprocessing.resize {
        case .none: resize = "none"
        case .shorterSide(let side): resize = "\(side)"
        case .exact(let height, let width): resize = "\(height)x\(width)"
        }
        let interpolation: String
        switch preprocessing.interpolation {
        case .opencvBilinear: interpolation = "opencv-bilinear"
        case .pillowBilinear: interpolation = "pillow-bilinear"
        case .pillowBicubic: interpolation = "pillow-bicubic"
        }
        let channels: String
        switch preprocessing.channelOrder {
        case .rgb: channels = "rgb"
        case .bgr: channels = "bgr"
        case .gray: channels = "gray"
        }
        return Pictures(
            resize: resize, crop: preprocessing.cropHeight == 0 ? "none" : "\(preprocessing.cropHeight)x\(preprocessing.cropWidth)",
            interpolation: interpolation, channels: channels, mean: preprocessing.mean, std: preprocessing.std)
    }

    private func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and finite numbers always have a form in JSON.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
