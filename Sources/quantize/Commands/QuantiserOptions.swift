import ArgumentParser
import SwiftletQuantization
import SwiftletRuntime

/// How the network becomes int8.
struct QuantiserOptions: ParsableArguments {
    enum Preset: String, ExpressibleByArgument, CaseIterable {
        case fast, balanced, best
    }

    @Option(help: ArgumentHelp("Settings and preprocessing; options win over it.", valueName: "FILE"))
    var recipe: String?

    @Option(help: ArgumentHelp("Pictures to calibrate on: a folder, a CSV with the header file,class, a text file, normalised [N,C,H,W] tensors.", valueName: "DIR|LIST|X.npy|random"))
    var calibration: String?

    @Option(help: ArgumentHelp("What a list's paths are relative to.", valueName: "DIR"))
    var calibrationRoot: String?

    @Option(help: ArgumentHelp("How many pictures, evenly spaced over the list (default 200).", valueName: "N"))
    var samples: Int?

    @Option(help: "How much work to spend (default best).")
    var preset: Preset?

    @Flag(help: "Write an FP32 file: no quantisation.")
    var float = false

    @Option(help: ArgumentHelp("Of everything random (default 0).", valueName: "N"))
    var seed: UInt64?

    func validate() throws {
        if let samples, !(1...100_000).contains(samples) { throw ValidationError("--samples must be from 1 to 100000") }
        if float, calibration != nil { throw ValidationError("--float calibrates nothing: leave --calibration out") }
    }

    var presetName: String { (preset ?? .best).rawValue }

    func settings(_ recipe: RecipeFile?) throws(ToolError) -> QuantizationSettings {
        var settings = QuantizationSettings.best
        if let preset {
            guard let known = QuantizationSettings.preset(named: preset.rawValue) else { throw .usage("there is no preset \(preset.rawValue)") }
            settings = known
            settings.floatLayers = recipe?.recipe.settings.floatLayers ?? []
            settings.seed = recipe?.recipe.settings.seed ?? 0
        } else if let recipe {
            settings = recipe.recipe.settings
        }
        if let seed { settings.seed = seed }
        return settings
    }

    func calibration(
        _ recipe: RecipeFile?, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing
    ) throws(ToolError) -> CalibrationPictures {
        guard let source = calibration ?? recipe?.path(recipe?.recipe.calibration?.pictures) else {
            throw .usage("quantising needs --calibration DIR, LIST, X.npy or random; --float writes an FP32 file without")
        }
        return try CalibrationPictures(
            source, root: calibrationRoot, samples: samples ?? recipe?.recipe.calibration?.samples ?? 200, seed: seed, input: input, preprocessing)
    }
}
