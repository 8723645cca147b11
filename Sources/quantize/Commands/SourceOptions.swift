import ArgumentParser
import SwiftletGraph

/// Where the FP32 network comes from.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A built-in architecture in place of MODEL, or MODEL's, where that is a checkpoint.", valueName: "NAME"))
    var arch: String?

    @Option(
        help: ArgumentHelp(
            "The weights: for --arch a checkpoint (without it they are random), for a Paddle program its .pdiparams, if not beside it.",
            valueName: "FILE"))
    var weights: String?

    @Flag(help: "Of a model that is int8 already: quantize the FP32 weights that it implies, on pictures. Else it keeps its scales.")
    var recalibrate = false

    @Flag(help: "Of a model that is int8 already: leave in FP32 what it leaves in floats, in place of grids by the ranges that it notes.")
    var keepFloats = false

    /// The command line's model, else the recipe's.
    /// - Parameter inFloat: whether the network is wanted in floats, also of a model that is int8 already.
    func load(
        model: String?, recipe: RecipeFile?, inputSize: (height: Int, width: Int)?, seed: UInt64, inFloat: Bool
    ) throws(ToolError) -> SourceModel {
        let ownsModel = model != nil || arch != nil
        let path = ownsModel ? model : recipe?.path(recipe?.recipe.model)
        let name = ownsModel ? arch : recipe?.recipe.architecture
        let given = weights ?? (model == nil ? recipe?.path(recipe?.recipe.weights) : nil)
        if path != nil, name != nil, given != nil {
            throw .usage("MODEL, --arch and --weights contradict each other: a checkpoint is named once, as MODEL or as --weights")
        }
        if let name { return try .architecture(name, weights: given ?? path, seed: seed) }
        guard let path else { throw .usage("quantize needs a MODEL or --arch NAME; see quantize --help") }
        let grids: GridUse = recalibrate || inFloat ? .none : keepFloats ? .exact : .everywhere
        let source = try SourceModel.file(path, weights: given, inputSize: inputSize, grids: grids)
        if recalibrate, source.quantization == nil {
            throw .usage("--recalibrate is for models that are int8 already, and \(source.origin) is none")
        }
        if keepFloats, !source.isPublished {
            throw .usage("--keep-floats is for models that are int8 already and keep their scales: leave it out")
        }
        if source.isPublished, let quantization = source.quantization, quantization.needsPictures {
            let advice = "its activations have no scales: --recalibrate with --calibration gives them some"
            throw .badInput("\(source.origin): a model that is int8 already, by its \(quantization.form.rawValue): \(advice)")
        }
        return source
    }
}
