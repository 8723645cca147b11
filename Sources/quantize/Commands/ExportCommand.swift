import ArgumentParser
import Foundation
import SwiftletExport
import SwiftletImport
import SwiftletQuantization
import SwiftletRuntime

/// `quantize export OUT.slet -o MODEL.onnx`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a .slet file as ONNX for other runtimes.",
        discussion: """
            int8 stays int8: integers between QuantizeLinear and DequantizeLinear, opset 13. Every operation is on integers, so that \
            ONNX Runtime gives the logits of swiftlet run, bit for bit, and OpenVINO all but a few; but they compute in FP32. --fused \
            and --per-tensor are for their int8 kernels, which round otherwise. The input is [N,C,H,W] float32, normalized; labels, \
            preprocessing and provenance are metadata.

            examples:
              quantize export model.slet -o model.onnx
              quantize export model.slet --float -o model_fp32.onnx
              quantize export model.slet --per-tensor --images photos -o model.onnx
            """)

    @Argument(help: "The .slet file.") var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "MODEL.onnx")) var output: String

    @Flag(help: "FP32: the weights that the integers stand for, no grid on activations. A model in FP32 is written so anyway.")
    var float = false

    @Flag(help: "Scales where other runtimes' int8 kernels ask for them. Values are rounded otherwise: logits are some steps off.")
    var fused = false

    @Flag(help: "As --fused, with one scale and zero point for each activation, as fast kernels ask for. What it costs is printed.")
    var perTensor = false

    @Flag(help: "Leave off the softmax, log-softmax, sigmoid or argmax that the source model ends in.")
    var logits = false

    @Flag(help: "Weights as int8 in place of uint8. Other runtimes' int8 kernels may be faster, and on x86 without VNNI saturate sums.")
    var signedWeights = false

    @Option(
        help: ArgumentHelp(
            "What --per-tensor is measured on (default: random), 256 pictures at most.", valueName: "DIR|LIST|X.npy|X.npz|random"))
    var images: String?

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Export even a model that takes more than 1e12 operations a picture.") var allowLarge = false

    func validate() throws {
        if float, perTensor || fused { throw ValidationError("--float contradicts --fused and --per-tensor: leave one out") }
        if images != nil, !perTensor { throw ValidationError("--images is what --per-tensor is measured on") }
        if float, signedWeights { throw ValidationError("--float and --signed-weights contradict each other: leave one out") }
    }

    func run() throws {
        let file = try OutputFile(output)
        try file.mustDiffer(from: [model] + (images.map { [$0] } ?? []), "an input of this run")
        let bytes = try InputFile.read(model, atMost: Importers.largestFile)
        let source = try ToolError.wrapping(.badInput, model) { try ModelBuilder(reading: bytes, allowsLarge: allowLarge) }
        let form = try ToolError.wrapping(.badInput, model) { try inForm(source) }
        if perTensor { try Console.print(loss(of: form, from: source)) }
        var options = ONNXExporter.Options()
        (options.keepsHeads, options.isFused, options.signedWeights) = (!logits, fused || perTensor, signedWeights)
        var exporter = ONNXExporter(form, options)
        let result = try ToolError.wrapping(.badInput, model) { try exporter.bytes() }
        try file.write(result)
        if let note = headNote(source) { Console.error("quantize: \(note)") }
        let isFloat = form.tensors.allSatisfy { $0.type == .float32 }
        try Console.print(singleLine("\(output): \(result.count) bytes, \(isFloat ? "fp32" : "int8")"))
    }

    private func inForm(_ source: ModelBuilder) throws -> ModelBuilder {
        if perTensor { return try SwiftletQuantization.perTensor(source) }
        guard float, source.tensors.contains(where: { $0.type == .int8 }) else { return source }
        return try dequantized(source)
    }

    private func loss(of form: ModelBuilder, from source: ModelBuilder) throws -> String {
        let input = source.tensors[source.input]
        guard images != nil || input.channels == source.preprocessing.channels else {
            return "per-tensor: what it costs is not known without --images X.npy, since the model takes no pictures"
        }
        let models = try ToolError.wrapping(.badInput, model) {
            (try Model(bytes: source.finish(), allowsLarge: allowLarge), try Model(bytes: form.finish(), allowsLarge: allowLarge))
        }
        return try PerTensorLoss(models.0, models.1, images: images ?? "random", threads: threads.count).text
    }

    /// What became of the operators that outputs end in.
    private func headNote(_ source: ModelBuilder) -> String? {
        let heads = source.outputs.filter { $0.head != .none }.map(\.head.name)
        guard !heads.isEmpty else { return nil }
        if logits { return "left off, as --logits asks: \(heads.joined(separator: ", "))" }
        let kept = heads.filter { $0 != OutputHead.topK.name }
        let note = kept.isEmpty ? [] : ["outputs end in \(kept.joined(separator: ", ")), as the source model's; --logits leaves it off"]
        return (note + (kept.count < heads.count ? ["a top-k is left off: its values are all there"] : [])).joined(separator: "; ")
    }
}
