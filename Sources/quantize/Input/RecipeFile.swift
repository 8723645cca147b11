import Foundation
import SwiftletQuantization

/// A recipe and the folder that its paths are relative to.
struct RecipeFile {
    let recipe: Recipe
    private let file: String

    init(_ file: String) throws(ToolError) {
        self.file = file
        recipe = try JSONFile.decode(Recipe.self, file)
        if let samples = recipe.calibration?.samples, !QuantizerLimits.samples.contains(samples) {
            throw .badInput("\(file): calibration.samples is \(samples), not from 1 to \(QuantizerLimits.samples.upperBound)")
        }
        guard recipe.settings.positions > 0 else { throw .badInput("\(file): settings.positions must be above 0") }
    }

    /// What it says about preprocessing; nil when nothing.
    var statement: ChosenPreprocessing.Statement? {
        get throws(ToolError) {
            guard let preprocessing = recipe.preprocessing else { return nil }
            return try ChosenPreprocessing.Statement(try PreprocessingWish(preprocessing, file: file), from: file)
        }
    }

    /// A path of the recipe, from here.
    func path(_ relative: String?) -> String? {
        guard let relative else { return nil }
        let folder = (file as NSString).deletingLastPathComponent as NSString
        return relative.hasPrefix("/") ? relative : folder.appendingPathComponent(relative)
    }
}

extension QuantizationSettings {
    /// One line of JSON with sorted keys, for the model's provenance.
    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
