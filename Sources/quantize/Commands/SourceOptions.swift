import ArgumentParser

/// Where the FP32 network comes from.
struct SourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A built-in architecture in place of MODEL.", valueName: "NAME"))
    var arch: String?

    @Option(help: ArgumentHelp("The weights for --arch, a PyTorch .pth file; without it they are random.", valueName: "FILE"))
    var weights: String?

    /// The command line's model, else the recipe's.
    func load(model: String?, recipe: RecipeFile?, inputSize: (height: Int, width: Int)?, seed: UInt64) throws(ToolError) -> SourceModel {
        let ownsModel = model != nil || arch != nil
        let path = ownsModel ? model : recipe?.path(recipe?.recipe.model)
        let name = ownsModel ? arch : recipe?.recipe.architecture
        if path != nil, name != nil { throw .usage("MODEL and --arch contradict each other: leave one out") }
        if let name { return try .architecture(name, weights: weights ?? recipe?.path(recipe?.recipe.weights), seed: seed) }
        guard let path else { throw .usage("quantize needs a MODEL or --arch NAME; see quantize --help") }
        if weights != nil { throw .usage("--weights belongs to --arch; \(path) has its own") }
        return try .file(path, inputSize: inputSize)
    }
}
