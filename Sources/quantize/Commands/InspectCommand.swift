import ArgumentParser
import Foundation

/// `quantize inspect MODEL`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Say what a model file holds and whether it can be quantized.",
        discussion: """
            MODEL is an .onnx or .slet file, a Paddle program or its folder, or a checkpoint of PyTorch's or Paddle's. What is not \
            supported is listed in full.

            examples:
              quantize inspect model.onnx
              quantize inspect weights.pth --json
            """)

    @Argument(help: "The model file.") var model: String

    @Option(help: ArgumentHelp("The .pdiparams of a Paddle program, if not beside it.", valueName: "FILE"))
    var weights: String?

    @Option(help: ArgumentHelp("Input size for a model that leaves it open.", valueName: "HEIGHTxWIDTH"))
    var resize: PictureSize?

    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let summary = try ModelSummary.read(model, weights: weights, inputSize: resize?.square)
        guard json else { return try Console.print(summary.text) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Console.print(String(decoding: try encoder.encode(summary), as: UTF8.self))
    }
}
