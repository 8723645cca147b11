import ArgumentParser
import CMemory
import Foundation
import SwiftletRuntime

/// The desk tool: turns an FP32 classifier into a .slet file, and looks at both.
@main
struct Quantize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Turns FP32 image classifiers into int8 .slet files.",
        usage: """
            quantize MODEL --calibration DIR|LIST -o OUT.slet [options]
            quantize --arch NAME [--weights FILE] --calibration DIR|LIST -o OUT.slet [options]
            quantize inspect MODEL
            quantize compare A B --images DIR
            quantize export MODEL.slet -o OUT.onnx
            quantize sign MODEL.slet --key FILE
            quantize plot BENCH.json -o OUT.svg
            """,
        discussion: """
            quantize help convert lists the options.

            Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 a bad input file.

            examples:
              quantize model.onnx --calibration photos -o model.slet
              quantize --arch MobileNetV3_small_x1_0 --calibration random -o random.slet
              quantize model.onnx --float -o model_fp32.slet
              quantize inspect model.onnx
              quantize compare model_fp32.slet model.slet --images photos --labels-csv photos.csv
              quantize export model.slet -o model.onnx
            """,
        version: Version.current,
        subcommands: [
            ConvertCommand.self, InspectCommand.self, CompareCommand.self, ExportCommand.self, PlotCommand.self, KeyCommand.self,
            SignCommand.self, ProbeCommand.self,
        ],
        defaultSubcommand: ConvertCommand.self)

    static func main() {
        Console.prepare()
        outOfMemory.withUTF8Buffer { cm_stop_without_memory(UnsafeRawPointer($0.baseAddress!).assumingMemoryBound(to: CChar.self)) }
        do {
            try work()
        } catch {
            Console.error("quantize: \(error.message)")
            Foundation.exit(error.kind.rawValue)
        }
    }

    private static let outOfMemory: StaticString =
        "quantize: out of memory; take fewer --samples or --threads, or a machine or a limit (ulimit -v) with more\n"

    private static func work() throws(ToolError) {
        try Arguments.check()
        do {
            guard Console.hasOutput else { throw ToolError.failed("cannot write to standard output: it is closed") }
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ToolError {
            throw error
        } catch {
            try answer(error)
        }
    }

    /// The subcommand that the arguments name.
    private static var subcommand: String {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        return CommandLine.arguments.dropFirst().first.flatMap { names.contains($0) ? $0 : nil } ?? "convert"
    }

    /// What the parser threw: asked-for help on standard output, or a line that says what is wrong. Other errors are the work's.
    private static func answer(_ error: any Error) throws(ToolError) {
        switch exitCode(for: error) {
        case .success: try Console.print(fullMessage(for: error))
        case .failure: throw .failed(oneLine(error))
        default:
            let text = message(for: error).split(separator: "\n").joined(separator: " ")
            throw .usage("\(text); see quantize help \(subcommand)")
        }
    }
}
