import ArgumentParser
import Foundation
import SwiftletQuantization
import SwiftletRuntime

/// `quantize compare A B --images DIR`
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two models picture by picture: agreement, KL, SQNR, accuracy, layers.",
        discussion: """
            A and B are .slet files, or an FP32 source model, which is then prepared as the other's pictures are. A is the reference.

            examples:
              quantize compare model_fp32.slet model.slet --images photos
              quantize compare model.onnx model.slet --images photos --labels-csv photos.csv --json
            """)

    @Argument(help: "The reference, usually FP32.") var a: String
    @Argument(help: "The model to judge.") var b: String

    @Option(
        help: ArgumentHelp(
            "Folder of the pictures; subfolders are classes where there are two or more. Or arrays, as for --calibration.",
            valueName: "DIR|X.npy|X.npz"))
    var images: String?

    @Option(help: ArgumentHelp("A list, file,class or 'path class' a line: these pictures alone, with their accuracy.", valueName: "FILE"))
    var labelsCsv: String?

    @Option(help: ArgumentHelp("Pictures to compare layers on (default 32); 0 leaves layers out.", valueName: "N"))
    var layerSamples = 32

    @OptionGroup var threads: ThreadOptions

    @Flag(help: "Compare even models that take more than 1e12 operations a picture.")
    var allowLarge = false

    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if images == nil, labelsCsv == nil { throw ValidationError("compare needs --images DIR, --labels-csv FILE or both") }
        if layerSamples < 0 { throw ValidationError("--layer-samples must not be negative") }
    }

    func run() throws {
        let threads = try threads.count
        let (first, second) = try ComparedModel.load(a, b, takesPictures: arrays == nil)
        if !allowLarge {
            for (model, path) in [(first, a), (second, b)] { try WorkLimits.check(operations: Double(model.multiplyAccumulates), path) }
        }
        let inputs = try inputs(first)
        let comparison = try ToolError.wrapping(.failed, "comparison") {
            try Comparison.run(first, second, inputs, layerSamples: layerSamples, threads: threads)
        }
        let summary = ComparisonSummary(comparison)
        try Console.print(json ? try summary.json : summary.text)
    }

    /// Where arrays are; nil where pictures are compared.
    private var arrays: String? {
        guard labelsCsv == nil, let images, ArrayFiles.takes(images) else { return nil }
        return images
    }

    private func inputs(_ model: Model) throws(ToolError) -> [ComparedInput] {
        guard let images = arrays else {
            return try pictures(classes: model.classCount).entries.map(ComparedInput.init)
        }
        let tensor = model.inputTensor
        let shape = TensorShape(height: tensor.height, width: tensor.width, channels: tensor.channels)
        let arrays = try ArrayFiles(images, samples: .max, input: shape, model.preprocessing)
        return (0..<arrays.count).map { index in
            ComparedInput(name: arrays.names[index], path: images) { session throws(SwiftletError) in
                try arrays.values(index).withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values) }
            }
        }
    }

    private func pictures(classes: Int) throws(ToolError) -> PictureList {
        let source = labelsCsv ?? images!
        return try ToolError.wrapping(.badInput, source) {
            let pictures = try labelsCsv.map { try PictureList.list($0, root: images) } ?? PictureList.folder(source)
            UnreadablePictures.warn(pictures)
            if labelsCsv != nil || !pictures.classFolders.isEmpty { try pictures.requireClasses(source, classes) }
            if let note = pictures.classFoldersNote(source, classes) { Console.error("quantize: \(note)") }
            return pictures
        }
    }
}
