import ArgumentParser
import Foundation
import SwiftletGraph
import SwiftletQuantization
import SwiftletRuntime

/// `quantize MODEL -o OUT.slet`
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Quantize a model (the default).",
        discussion: """
            What is not said comes from the recipe, then from a JSON file beside the model (keys mean, std, channels, layout, and resize \
            where its text names PIL or OpenCV), then from the model's own files (Paddle's inference.yml), then from what is usual where \
            the model comes from. A line says what was assumed.

            examples:
              quantize model.onnx --calibration photos.csv --labels labels.txt -o model.slet
              quantize inference.pdmodel --weights inference.pdiparams --calibration photos -o model.slet
              quantize --arch MobileNetV3_large_x1_0 --weights m.pth --recipe Calibration/mobilenet_v3.json --calibration photos -o m.slet
            """)

    @Argument(help: "The FP32 model: an .onnx file, a Paddle program or its folder; not with --arch.")
    var model: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "OUT.slet"))
    var output: String

    @OptionGroup(title: "Model") var source: SourceOptions
    @OptionGroup(title: "Quantizer") var quantizer: QuantizerOptions
    @OptionGroup(title: "Pictures") var preprocessing: PreprocessingOptions

    @Option(help: ArgumentHelp("Names of the classes: one a line, or JSON.", valueName: "FILE"))
    var labels: String?

    @Option(
        help: ArgumentHelp("Labeled pictures, file,class or 'path class' a line: FP32's accuracy is printed first.", valueName: "FILE"))
    var labelsCsv: String?

    @Option(help: ArgumentHelp("Write what was done to each layer.", valueName: "FILE.html|.json"))
    var report: String?

    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        if let report, !ReportWriter.takes(report) {
            throw ValidationError("--report takes a name that ends in .html or .json, not '\(report)'")
        }
    }

    func run() throws {
        let file = try OutputFile(output)
        let reportFile = try report.map { path throws(ToolError) in try OutputFile(path) }
        let outputs = [file] + (reportFile.map { [$0] } ?? [])
        if let reportFile { try file.mustDiffer(from: reportFile) }
        let recipe = try quantizer.recipe.map(RecipeFile.init)
        for output in outputs { try output.mustDiffer(from: inputs(recipe), "an input of this run") }
        let settings = try quantizer.settings(recipe)
        let statements = try [preprocessing.statement, recipe?.statement].compactMap(\.self)
        let asked = statements.reduce(PreprocessingWish()) { $0.filled(from: $1.wish) }
        let source = try source.load(
            model: model, recipe: recipe, inputSize: asked.inputSize, seed: settings.seed, inFloat: quantizer.float)
        if source.isPublished { try quantizer.refusePictures(source.origin, report: report) }
        for output in outputs { try output.mustDiffer(from: source.companions.map(\.path), "an input of this run") }
        if let notes = source.notes {
            let resizing = notes.wish.resizing(missingIn: asked)
            Console.error("quantize: preprocessing from \(notes.source)" + (resizing.isEmpty ? "" : ", which stands for \(resizing)"))
        }
        let classes = source.network.tensors[source.network.output].channels
        let classNames = try labels.map { try LabelFile($0, classes: classes) }
        if let note = classNames?.note { Console.error("quantize: \(note)") }
        let before = source.notes.map { asked.filled(from: $0.wish) } ?? asked
        let conventions = ConventionNote(source.conventions, asked: before, classes: classNames == nil ? classes : nil)
        for line in conventions.lines { Console.error("quantize: \(line)") }
        let classLabels = classNames?.labels ?? conventions.labels
        let chosen = try ChosenPreprocessing(statements + source.statements, for: source)
        let labeled = try labeledPictures(classes: classes)

        var (builder, provenance, accuracy, quantized) = try convert(source, chosen, settings, recipe, outputs, labeled, classLabels)
        builder.preprocessing = chosen.preprocessing
        builder.labels = classLabels
        provenance.insert(("source", (source.origin as NSString).lastPathComponent), at: 0)
        if let hash = source.hash { provenance.insert(("source.sha256", hash), at: 1) }
        for file in source.companions { provenance.append(("\((file.path as NSString).lastPathComponent).sha256", file.hash)) }
        builder.provenance = provenance + [("tool", "quantize \(Version.inProvenance)")]
        let size = try ModelWriter.write(builder, of: source.origin, to: file)
        if let reportFile, let quantized { try write(reportFile, source, quantized, builder, accuracy) }
        try Console.print(singleLine("\(output): \(size) bytes, \(quantizer.float ? "fp32" : "int8")"))
    }

    /// Files that this run reads, pictures apart.
    private func inputs(_ recipe: RecipeFile?) -> [String] {
        let models = [model, source.weights, recipe?.path(recipe?.recipe.model), recipe?.path(recipe?.recipe.weights)].compactMap(\.self)
        let calibration = quantizer.calibration ?? recipe?.path(recipe?.recipe.calibration?.pictures)
        return models + models.map(ModelNotes.path(beside:)) + [quantizer.recipe, labels, labelsCsv, calibration].compactMap(\.self)
    }

    private func labeledPictures(classes: Int) throws(ToolError) -> PictureList? {
        guard let labelsCsv else { return nil }
        return try ToolError.wrapping(.badInput, labelsCsv) {
            let list = try PictureList.read(labelsCsv, root: quantizer.calibrationRoot)
            try list.requireClasses(labelsCsv, classes)
            return list
        }
    }

    private typealias Conversion = (
        builder: ModelBuilder, provenance: [(key: String, value: String)], accuracy: FloatAccuracy?,
        quantized: (QuantizedNetwork, CalibrationSet)?
    )

    private func convert(
        _ source: SourceModel, _ chosen: ChosenPreprocessing, _ settings: QuantizationSettings, _ recipe: RecipeFile?,
        _ outputs: [OutputFile], _ labeled: PictureList?, _ labels: [String]
    ) throws -> Conversion {
        if quantizer.float {
            chosen.say()
            let accuracy = try accuracy(source, chosen.preprocessing, labeled)
            let builder = try ToolError.wrapping(.failed, source.origin) { try lowerFloat(source.network) }
            return (builder, [("precision", "fp32")], accuracy, nil)
        }
        if source.isPublished {
            chosen.say()
            let conversion = try PublishedConversion(source, chosen.preprocessing, floatLayers: settings.floatLayers)
            for line in conversion.lines { Console.error("quantize: \(line)") }
            return (conversion.builder, conversion.provenance, try accuracy(source, chosen.preprocessing, labeled), nil)
        }
        let threads = try threads.count
        try ToolError.wrapping(.failed, source.origin) { try settings.check(source.network) }
        let input = source.network.tensors[source.network.input]
        let shape = TensorShape(height: input.height, width: input.width, channels: input.channels)
        var estimate: RunEstimate?
        let calibration = try quantizer.calibration(
            recipe, seed: settings.seed, input: shape, chosen.preprocessing, threads: threads
        ) { (list) throws(ToolError) in
            for output in outputs { try output.mustDiffer(from: list.files, "a calibration picture") }
            estimate = try self.estimate(source, settings, pictures: list.count, pixelBytes: list.pixelBytes, threads: threads)
        }
        chosen.say()
        if let estimate { Console.error("quantize: \(estimate.text)") }
        let accuracy = try accuracy(source, chosen.preprocessing, labeled)
        if !calibration.isNoise { warn(source, calibration.set, labels, threads) }
        let bar = ProgressBar("quantizing")
        let choice = try ToolError.wrapping(.failed, source.origin) {
            try HeldOutChoice(source.network, on: calibration.set, settings: settings, threads: threads).run { bar.update($0, $1) }
        }
        bar.finish()
        if let comparison = choice.comparison, comparison.keepsPlain { Console.error("quantize: \(text(comparison))") }
        let quantized = try keepFloat(source, calibration.set, choice.quantized, threads)
        let builder = try ToolError.wrapping(.failed, source.origin) { try lowerInt8(source.network, quantized) }
        let provenance = [
            ("precision", "int8"), ("recipe", recipe?.recipe.name ?? quantizer.presetName),
            ("settings", try quantized.report.settings.text), ("calibration", calibration.description),
            ("calibration.sha256", calibration.hash),
        ]
        return (builder, provenance, accuracy, (quantized, calibration.set))
    }

    /// The FP32 network's accuracy, on standard error; nil without labeled pictures.
    private func accuracy(
        _ source: SourceModel, _ preprocessing: Preprocessing, _ labeled: PictureList?
    ) throws(ToolError) -> FloatAccuracy? {
        guard let labeled else { return nil }
        let threads = try threads.count
        let accuracy = try ToolError.wrapping(.failed, source.origin) {
            try FloatAccuracy(source.network, preprocessing, on: labeled, threads: threads)
        }
        Console.error("quantize: \(accuracy.text)")
        if accuracy.isPoor(classes: source.network.tensors[source.network.output].channels) {
            Console.error("quantize: warning: hardly better than guessing: check --mean, --std, --channels, --resize and the labels")
        }
        return accuracy
    }

    /// Says what is odd about the calibration pictures, unless the weights are random, which are odd themselves.
    private func warn(_ source: SourceModel, _ set: CalibrationSet, _ labels: [String], _ threads: Int) {
        guard source.hash != nil else { return }
        // What fails here fails in the calibration, too, which says so.
        let findings = (try? CalibrationCheck(source.network, on: set, threads: threads).run()) ?? []
        for finding in findings { Console.error("quantize: warning: \(CalibrationWarning.text(finding, labels: labels))") }
    }

    private func text(_ comparison: HeldOutChoice.Comparison) -> String {
        let figures = String(format: "%.1f dB of logits in place of %.1f dB", comparison.plain, comparison.asked)
        return "kept what --preset fast gives, since \(comparison.pictures) calibration pictures that were held out say so: \(figures)"
    }

    /// What the calibration is going to take.
    /// - Throws: when that is too much.
    private func estimate(
        _ source: SourceModel, _ settings: QuantizationSettings, pictures: Int, pixelBytes: Int, threads: Int
    ) throws(ToolError) -> RunEstimate {
        let estimate = RunEstimate(
            source.network, pictures: pictures, pixelBytes: pixelBytes, settings: settings, threads: threads,
            measures: quantizer.maxLoss != nil || report != nil)
        if !quantizer.allowLarge { try WorkLimits.check(estimate, source.origin) }
        return estimate
    }

    /// With `--max-loss`, the network that keeps to it or comes nearest, and on standard error which layers that took.
    private func keepFloat(
        _ source: SourceModel, _ set: CalibrationSet, _ quantized: QuantizedNetwork, _ threads: Int
    ) throws(ToolError) -> QuantizedNetwork {
        guard let maxLoss = quantizer.maxLoss else { return quantized }
        let bar = ProgressBar("sensitivity")
        let result = try ToolError.wrapping(.failed, source.origin) {
            try MixedPrecision(source.network, on: set, settings: quantized.report.settings, threads: threads)
                .run(quantized, maxLoss: maxLoss, progress: { bar.update($0, $1) })
        }
        bar.finish()
        for line in result.lines { Console.error("quantize: \(line)") }
        return result.quantized
    }

    private func write(
        _ file: OutputFile, _ source: SourceModel, _ quantized: (network: QuantizedNetwork, set: CalibrationSet), _ builder: ModelBuilder,
        _ accuracy: FloatAccuracy?
    ) throws(ToolError) {
        let sensitivity = Sensitivity(source.network, on: quantized.set, threads: try threads.count)
        let bar = ProgressBar("report")
        let report = try ToolError.wrapping(.failed, source.origin) {
            let float = try lowerFloat(source.network)
            return ConversionReport(
                quantization: quantized.network.report,
                fp32: .init(bytes: float.finish().count, milliseconds: try sensitivity.milliseconds(float)),
                int8: .init(bytes: builder.finish().count, milliseconds: try sensitivity.milliseconds(builder)),
                distance: try sensitivity.distance(quantized.network),
                sensitivity: try sensitivity.run(quantized.network, progress: { bar.update($0, $1) }),
                provenance: Dictionary(uniqueKeysWithValues: builder.provenance.map { ($0.key, $0.value) }), accuracy: accuracy)
        }
        bar.finish()
        try ReportWriter.write(report, to: file)
    }
}
