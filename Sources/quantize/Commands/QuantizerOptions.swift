import ArgumentParser
import SwiftletQuantization
import SwiftletRuntime

/// How the network becomes int8.
struct QuantizerOptions: ParsableArguments {
    enum Preset: String, ExpressibleByArgument, CaseIterable {
        case fast, balanced, best
    }

    @Option(help: ArgumentHelp("Settings and preprocessing; options win over it.", valueName: "FILE"))
    var recipe: String?

    @Option(
        help: ArgumentHelp(
            "Pictures to calibrate on: a folder, one picture, a list (file,class; path class; path), or arrays [N,C,H,W] or [C,H,W]: a "
                + "folder of .npy, an .npy or .npz, of normalized float32, or of uint8 pixels.",
            valueName: "DIR|LIST|X.npy|X.npz|random"))
    var calibration: String?

    @Option(help: ArgumentHelp("What a list's paths are relative to.", valueName: "DIR"))
    var calibrationRoot: String?

    @Option(help: ArgumentHelp("How many pictures, evenly spaced over the list (default 200).", valueName: "N"))
    var samples: Int?

    @Option(help: "How much work to spend (default balanced).")
    var preset: Preset?

    @Option(help: ArgumentHelp("Keep a layer in FP32, by the name that `quantize inspect` shows; may be given again.", valueName: "LAYER"))
    var keepFloat: [String] = []

    @Option(help: ArgumentHelp("Keep the fewest layers in FP32 that bring the estimated loss of top-1 to this.", valueName: "POINTS"))
    var maxLoss: Double?

    @Flag(help: "One scale and zero point for all channels of a map, as exporting to other runtimes needs; costs accuracy.")
    var perTensor = false

    @Flag(help: "Quantize even if it would take more than a week, than 1e12 operations a picture, or than the memory that is available.")
    var allowLarge = false

    @Flag(help: "Write an FP32 file: no quantization.")
    var float = false

    @Option(help: ArgumentHelp("Of everything random (default 0).", valueName: "N"))
    var seed: UInt64?

    func validate() throws {
        if let samples, !QuantizerLimits.samples.contains(samples) {
            throw ValidationError("--samples must be from 1 to \(QuantizerLimits.samples.upperBound)")
        }
        if let maxLoss, !(maxLoss >= 0 && maxLoss <= 100) { throw ValidationError("--max-loss must be from 0 to 100 points") }
        if float, maxLoss != nil || !keepFloat.isEmpty || perTensor {
            throw ValidationError("--float quantizes nothing: leave --max-loss, --keep-float and --per-tensor out")
        }
        if float, calibration != nil { throw ValidationError("--float calibrates nothing: leave --calibration out") }
    }

    /// What needs pictures is not for a model that is int8 already and keeps its scales.
    func refusePictures(_ model: String, report: String?) throws(ToolError) {
        let given = [
            "--calibration": calibration != nil, "--samples": samples != nil, "--preset": preset != nil, "--max-loss": maxLoss != nil,
            "--per-tensor": perTensor, "--report": report != nil,
        ]
        guard let option = given.filter(\.value).keys.sorted().first else { return }
        throw .usage("\(model) is int8 already and keeps its own scales: leave \(option) out, or quantize it anew with --recalibrate")
    }

    var presetName: String { (preset ?? .balanced).rawValue }

    func settings(_ recipe: RecipeFile?) throws(ToolError) -> QuantizationSettings {
        var settings = QuantizationSettings.balanced
        if let preset {
            guard let known = QuantizationSettings.preset(named: preset.rawValue) else {
                throw .usage("there is no preset \(preset.rawValue)")
            }
            settings = known
            settings.floatLayers = recipe?.recipe.settings.floatLayers ?? []
            settings.seed = recipe?.recipe.settings.seed ?? 0
        } else if let recipe {
            settings = recipe.recipe.settings
        }
        if let seed { settings.seed = seed }
        if perTensor { settings.perChannel = false }
        settings.floatLayers += keepFloat.filter { !settings.floatLayers.contains($0) }
        return settings
    }

    func calibration(
        _ recipe: RecipeFile?, seed: UInt64, input: TensorShape, _ preprocessing: Preprocessing, threads: Int,
        announce: (CalibrationPictures.Announcement) throws(ToolError) -> Void
    ) throws(ToolError) -> CalibrationPictures {
        guard let source = calibration ?? recipe?.path(recipe?.recipe.calibration?.pictures) else {
            throw .usage("quantizing needs --calibration DIR, LIST, X.npy or random; --float writes an FP32 file without")
        }
        let samples = samples ?? recipe?.recipe.calibration?.samples ?? 200
        return try CalibrationPictures(
            source, root: calibrationRoot, samples: samples, seed: seed, input: input, preprocessing, threads: threads, announce: announce)
    }
}
