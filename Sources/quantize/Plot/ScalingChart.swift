import Foundation

/// What more threads, or larger batches, bring: of each precision the networks' median, and the range of all.
enum ScalingChart {
    enum Variable {
        case threads, batch
    }

    /// A precision's gain at a number of threads or pictures.
    private struct Point {
        let count: Int
        let gains: [Double]
    }

    private static let plot = (left: 40.0, right: 440.0, top: 58.0, bottom: 330.0)

    static func svg(_ bench: BenchFile, of variable: Variable) throws(ToolError) -> String {
        let counts = Set(bench.rows.map { value($0, variable) }).sorted()
        guard counts.count > 1, let first = counts.first, let last = counts.last else {
            throw .badInput("all rows have the same \(variable == .threads ? "number of threads" : "batch")")
        }
        let lines = [("int8", false), ("fp32", true)].map { (style: $0, points: points(bench, variable, counts, isFloat: $1)) }
        let highest = lines.flatMap(\.points).flatMap(\.gains).max() ?? 1
        let top = variable == .threads ? max(highest, Double(last) / Double(first)) : max(highest, 1.2)
        let title = variable == .threads ? "How many times as fast with more threads" : "Pictures a second over those of batch \(first)"
        var drawing = SVGDrawing(title, note: "\(BenchPlot.device(bench)): networks' median, and all of them")
        let across = Axis(from: log2(Double(first)), to: log2(Double(last)), start: plot.left, end: plot.right)
        let heights = Axis(from: 0, to: top * 1.05, start: plot.bottom, end: plot.top)
        axes(&drawing, across, heights, counts, top: top)
        if variable == .threads {
            let ideal = counts.map { (across.place(log2(Double($0))), heights.place(Double($0) / Double(first))) }
            drawing.line("ideal", ideal)
            drawing.text("ideal", x: ideal[ideal.count - 1].0 - 30, y: ideal[ideal.count - 1].1 + 8, anchor: .end, style: "note")
        }
        for line in lines where !line.points.isEmpty { draw(line.points, line.style, &drawing, across, heights) }
        drawing.legend(lines.filter { !$0.points.isEmpty }.map(\.style), y: plot.bottom + 38)
        drawing.text(variable == .threads ? "threads" : "batch", x: plot.left, y: plot.bottom + 38, style: "note")
        return drawing.svg(height: plot.bottom + 50)
    }

    private static func value(_ row: BenchFile.Row, _ variable: Variable) -> Int { variable == .threads ? row.threads : row.batch }

    /// Gains over the smallest count, the other variable at its smallest.
    private static func points(_ bench: BenchFile, _ variable: Variable, _ counts: [Int], isFloat: Bool) -> [Point] {
        let other: Variable = variable == .threads ? .batch : .threads
        let fixed = bench.rows.map { value($0, other) }.min()
        let rows = bench.rows.filter { $0.isFloat == isFloat && value($0, other) == fixed && $0.median > 0 }
        return counts.compactMap { count in
            let gains = rows.filter { value($0, variable) == count }.compactMap { row -> Double? in
                let base = rows.first { $0.model == row.model && value($0, variable) == counts[0] }
                return base.map { row.picturesPerSecond / $0.picturesPerSecond }
            }
            return gains.isEmpty ? nil : Point(count: count, gains: gains.sorted())
        }
    }

    private static func draw(_ points: [Point], _ style: String, _ drawing: inout SVGDrawing, _ across: Axis, _ heights: Axis) {
        func places(_ gain: (Point) -> Double) -> [(x: Double, y: Double)] {
            points.map { (across.place(log2(Double($0.count))), heights.place(gain($0))) }
        }
        drawing.line("\(style) band", places { $0.gains[$0.gains.count - 1] } + places { $0.gains[0] }.reversed(), isClosed: true)
        let medians = places { $0.gains[$0.gains.count / 2] }
        drawing.line("\(style) line", medians)
        for place in medians { drawing.circle(style, x: place.x, y: place.y) }
        if let last = points.last, let place = medians.last {
            drawing.text(String(format: "%.2f", last.gains[last.gains.count / 2]), x: place.x + 7, y: place.y + (style == "int8" ? -3 : 13))
        }
    }

    private static func axes(_ drawing: inout SVGDrawing, _ across: Axis, _ heights: Axis, _ counts: [Int], top: Double) {
        drawing.line("axis", [(plot.left, plot.top), (plot.left, plot.bottom), (plot.right, plot.bottom)])
        for count in counts {
            drawing.text("\(count)", x: across.place(log2(Double(count))), y: plot.bottom + 18, anchor: .middle)
        }
        let step = top > 8 ? 4.0 : top > 3 ? 1.0 : 0.5
        for gain in stride(from: 0, through: top, by: step) {
            drawing.text(String(format: "%g", gain), x: plot.left - 6, y: heights.place(gain) + 4, anchor: .end)
        }
    }
}
