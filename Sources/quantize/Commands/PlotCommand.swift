import ArgumentParser
import Foundation

/// `quantize plot BENCH.json -o OUT.svg`
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw what swiftlet bench measured.",
        discussion: """
            --chart bars: the shortest run of every row
                    accuracy: top-1 of PaddleClas' page over the time of a picture
                    precision: FP32 and int8 of each network
                    threads, batch: what more threads, or larger batches, bring

            examples:
              swiftlet bench --arch all --precision fp32,int8 --threads 1,2 --json bench.json
              quantize plot bench.json -o bench.svg
              quantize plot bench.json --chart threads -o threads.svg
            """)

    @Argument(help: "What swiftlet bench --json wrote.") var bench: String

    @Option(help: ArgumentHelp("What to draw.", valueName: "NAME")) var chart: BenchPlot = .bars

    @Option(name: .shortAndLong, help: ArgumentHelp("The picture to write.", valueName: "OUT.svg")) var output: String

    func run() throws {
        let output = try OutputFile(output)
        try output.mustDiffer(from: [bench], "the measurements' file")
        let file = try BenchFile.read(bench)
        let picture: String
        do {
            picture = try chart.svg(file)
        } catch {
            throw ToolError.badInput("\(bench): \(error.message)")
        }
        try output.write(Data(picture.utf8))
    }
}
