import ArgumentParser
import Foundation
import SwiftletImport
import SwiftletRuntime

/// `quantize probe MODEL.slet`
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Add to a .slet file what swiftlet install --probe tries a board with.",
        discussion: """
            Inputs, and the digest of this machine's outputs: results are the same bits on every machine. A signature is left out, since \
            it was of another file; quantize sign adds a probe by itself.

            examples:
              quantize probe model.slet
            """)

    @Argument(help: "The .slet file.") var model: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write (default: MODEL itself).", valueName: "OUT.slet")) var output: String?

    @Flag(help: "Run even a model that takes more than 1e12 operations a picture.") var allowLarge = false

    func run() throws {
        let file = try OutputFile(output ?? model)
        let bytes = try InputFile.read(model, atMost: Importers.largestFile)
        let result = try ToolError.wrapping(.badInput, model) {
            var builder = try ModelBuilder(reading: bytes, allowsLarge: allowLarge)
            try builder.addProbe(allowsLarge: allowLarge)
            return builder.finish()
        }
        try file.write(result)
        try Console.print(singleLine("\(file.path): \(result.count) bytes, with a probe"))
    }
}
