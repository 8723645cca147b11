import ArgumentParser
import Foundation

/// The desk tool: turns an FP32 classifier into a .slet file, and looks at both.
@main
struct Quantize: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Turns FP32 image classifiers into int8 .slet files.",
        usage: """
            quantize MODEL --calibration DIR|LIST -o OUT.slet [options]
            quantize --arch NAME [--weights FILE] --calibration DIR|LIST -o OUT.slet [options]
            quantize inspect MODEL
            quantize compare A B --images DIR
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
            """,
        version: version,
        subcommands: [ConvertCommand.self, InspectCommand.self, CompareCommand.self],
        defaultSubcommand: ConvertCommand.self)

    static func main() {
        // A file beyond the shell's limit is then an error of writing, with a message.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ToolError {
            Console.error("quantize: \(error.message)")
            Foundation.exit(error.kind.rawValue)
        } catch {
            stop(error)
        }
    }

    /// The subcommand that the arguments name.
    private static var subcommand: String {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        return CommandLine.arguments.dropFirst().first.flatMap { names.contains($0) ? $0 : nil } ?? "convert"
    }

    /// What the parser threw: asked-for help on standard output, or a line that says what is wrong. Other errors are the work's.
    private static func stop(_ error: any Error) -> Never {
        switch exitCode(for: error) {
        case .success:
            print(fullMessage(for: error))
            Foundation.exit(0)
        case .failure:
            Console.error("quantize: \(oneLine(error))")
            Foundation.exit(ToolError.Kind.failed.rawValue)
        default: break
        }
        let text = message(for: error).split(separator: "\n").joined(separator: " ")
        Console.error("quantize: \(text); see quantize help \(subcommand)")
        Foundation.exit(ToolError.Kind.usage.rawValue)
    }
}
