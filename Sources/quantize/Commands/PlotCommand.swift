import ArgumentParser
import Foundation

/// `quantize plot BENCH.json -o OUT.svg`
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw what swiftlet bench measured.",
        discussion: """
            examples:
              swiftlet bench model.slet --threads 1,2 --json bench.json
              quantize plot bench.json -o bench.svg
            """)

    @Argument(help: "What swiftlet bench --json wrote.") var bench: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write.", valueName: "OUT.svg")) var output: String

    func run() throws {
        let output = try OutputFile(output)
        try output.mustDiffer(from: [bench], "the measurements' file")
        try output.write(Data(BenchPlot.svg(try BenchFile.read(bench)).utf8))
    }
}
