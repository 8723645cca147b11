import Foundation
import SwiftletGraph
import SwiftletRuntime

/// How pictures are prepared for a model: what somebody said, what the model does by itself, and for the rest what is usual.
struct ChosenPreprocessing {
    /// What one source says.
    struct Statement {
        /// As errors name it.
        let source: String
        let wish: PreprocessingWish
        /// What was assumed of its units, as one line; nil where nothing was.
        let note: String?

        /// - Throws: where mean and deviation are in no unit that is known.
        init(_ wish: PreprocessingWish, from source: String) throws(ToolError) {
            let units = try PreprocessingUnits(wish, from: source)
            (self.source, self.wish, note) = (source, units.wish, units.note)
        }
    }

    let preprocessing: Preprocessing
    /// What was found and assumed, a line each.
    let notes: [String]

    /// - Parameter statements: the first wins.
    /// - Throws: where they contradict what the model does to its input, or do not give what it takes.
    init(_ statements: [Statement], for source: SourceModel) throws(ToolError) {
        let input = source.network.tensors[source.network.input]
        var asked = statements.reduce(PreprocessingWish()) { $0.filled(from: $1.wish) }
        let speaker = statements.first { $0.wish.mean != nil || $0.wish.std != nil }?.source ?? ""
        let normalization = try InputNormalization(asked, from: speaker, source.network, model: source.origin)
        (asked.mean, asked.std) = (normalization.mean, normalization.std)
        let usual = source.producer.usual(height: input.height, width: input.width, channels: input.channels)
        preprocessing = try Preprocessing(
            asked.filled(from: usual), height: input.height, width: input.width, channels: input.channels)
        var notes = (statements.map(\.note) + [normalization.note, preprocessing.grayNote(asked)]).compactMap(\.self)
        let assumed = ChosenPreprocessing.options(preprocessing, missingIn: asked)
        // Of random weights nothing is right or wrong.
        if !assumed.isEmpty, source.hash != nil { notes.append("assumed \(assumed), \(source.producer.reason)") }
        if let doubt = ChosenPreprocessing.doubt(asked, source) { notes.append(doubt) }
        self.notes = notes
    }

    func say() {
        for note in notes { Console.error("quantize: \(note)") }
    }

    /// What nobody said, as the options that say the same; empty when nothing.
    private static func options(_ chosen: Preprocessing, missingIn asked: PreprocessingWish) -> String {
        var options: [String] = []
        if asked.resize == nil, asked.crop == nil || chosen.resize != .none {
            switch chosen.resize {
            case .none: break
            case .shorterSide(let side): options.append("--resize \(side)")
            case .exact(let height, let width): options.append("--resize \(height)x\(width)")
            }
        }
        if asked.resize == nil, asked.crop == nil, chosen.cropHeight > 0 {
            let size = PictureSize.exact(height: chosen.cropHeight, width: chosen.cropWidth)
            options.append("--crop \(chosen.cropHeight == chosen.cropWidth ? "\(chosen.cropHeight)" : "\(size)")")
        }
        if asked.interpolation == nil { options.append("--interpolation \(chosen.interpolation.name)") }
        if asked.mean == nil { options.append("--mean \(chosen.mean.plainText)") }
        if asked.std == nil { options.append("--std \(chosen.std.plainText)") }
        if asked.channels == nil { options.append("--channels \(chosen.channelOrder.name)") }
        return options.joined(separator: " ")
    }

    /// PyTorch's transforms give 0 to 1, of which a mean of 0 and a deviation of 1 change nothing; pixels they leave at 0 to 255.
    private static func doubt(_ asked: PreprocessingWish, _ source: SourceModel) -> String? {
        guard case .pyTorch = source.producer, source.network.inputScaling.expectation == .unknown, let mean = asked.mean,
            let std = asked.std, mean.allSatisfy({ $0 == 0 }), std.allSatisfy({ $0 == 1 })
        else { return nil }
        return "warning: mean 0 and std 1 leave pixels at 0 to 255; for a model that takes 0 to 1, as many of PyTorch's do, give "
            + "--std 255,255,255"
    }
}

extension Float {
    /// The shortest decimal that is this number, without ".0".
    var plainText: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// To six digits: constants that arithmetic has left a rounding error in.
    var shortText: String { String(format: "%.6g", self) }
}

extension [Float] {
    /// As options take it.
    var plainText: String { map(\.plainText).joined(separator: ",") }
}
