import ArgumentParser

/// What can be drawn of measurements.
enum BenchPlot: String, CaseIterable, ExpressibleByArgument {
    /// A bar a row, as long as its shortest run.
    case bars
    /// The page's top-1 over the time of a picture.
    case accuracy
    /// FP32 and int8 of each network.
    case precision
    /// How much faster more threads are.
    case threads
    /// How much more pictures a second a larger batch gives.
    case batch

    /// - Throws: where the rows have nothing of that to show.
    func svg(_ bench: BenchFile) throws(ToolError) -> String {
        switch self {
        case .bars: BarChart.rows(bench)
        case .accuracy: try AccuracyChart.svg(bench)
        case .precision: try BarChart.precisions(bench)
        case .threads: try ScalingChart.svg(bench, of: .threads)
        case .batch: try ScalingChart.svg(bench, of: .batch)
        }
    }

    /// The machine, as a line below a title.
    static func device(_ bench: BenchFile) -> String { "\(bench.device.cpu), \(bench.device.isa)" }
}
