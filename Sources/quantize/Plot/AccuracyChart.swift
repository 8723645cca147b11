import Foundation

/// PaddleClas' published top-1 over the measured time of a picture.
enum AccuracyChart {
    /// Of the page's FP32 weights.
    private static let top1 = [
        "large_x1_25": 76.4, "large_x1_0": 75.3, "large_x0_75": 73.1, "large_x0_5": 69.2, "large_x0_35": 64.3, "small_x1_25": 70.7,
        "small_x1_0": 68.2, "small_x0_75": 66.0, "small_x0_5": 59.2, "small_x0_35": 53.0, "small_x0_35_ssld": 55.6,
        "large_x1_0_ssld": 79.0, "small_x1_0_ssld": 71.3,
    ]
    private static let plot = (left: 44.0, right: 468.0, top: 58.0, bottom: 460.0)

    static func svg(_ bench: BenchFile) throws(ToolError) -> String {
        let points = bench.plainRows.compactMap { row in
            top1[row.shortName].map { (row: row, accuracy: $0, time: row.median / Double(row.batch)) }
        }.filter { $0.time > 0 }
        guard let shortest = points.map(\.time).min(), let longest = points.map(\.time).max() else {
            throw .badInput("no network of PaddleClas' page was measured")
        }
        var drawing = SVGDrawing(
            "Top-1 (PaddleClas' page, FP32) over time", note: "\(BenchPlot.device(bench)), \(points[0].row.threads) thread(s)")
        drawing.legend(["int8", "fp32"], y: 22)
        // Room for names; and a single network has an axis, too.
        let scale = Axis(from: log(shortest / 1.2), to: log(max(longest * 4, shortest * 8)), start: plot.left, end: plot.right)
        let lowest = (points.map(\.accuracy).min() ?? 50) - 3
        let heights = Axis(from: lowest, to: 81, start: plot.bottom, end: plot.top)
        axes(&drawing, scale, heights, lowest: lowest)
        for point in points {
            let (x, y) = (scale.place(log(point.time)), heights.place(point.accuracy))
            drawing.circle(point.row.isFloat ? "fp32" : "int8", x: x, y: y)
        }
        name(points.map { ($0.row, scale.place(log($0.time)), heights.place($0.accuracy)) }, &drawing)
        return drawing.svg(height: plot.bottom + 44)
    }

    /// Names right of each network's slower point, from the top; one that would stand on another moves below it.
    private static func name(_ points: [(row: BenchFile.Row, x: Double, y: Double)], _ drawing: inout SVGDrawing) {
        var placed: [(x: Double, y: Double)] = []
        for point in points.sorted(by: { $0.y < $1.y }) {
            let isSlowest = !points.contains { $0.row.model == point.row.model && $0.x > point.x }
            guard isSlowest else { continue }
            var y = point.y + 4
            while let above = placed.last(where: { abs($0.x - point.x) < 110 && y - $0.y < 12 }) { y = above.y + 12 }
            placed.append((point.x, y))
            drawing.text(point.row.shortName, x: point.x + 8, y: y, style: "note")
        }
    }

    private static func axes(_ drawing: inout SVGDrawing, _ scale: Axis, _ heights: Axis, lowest: Double) {
        drawing.line("axis", [(plot.left, plot.top), (plot.left, plot.bottom), (plot.right, plot.bottom)])
        for accuracy in stride(from: 50.0, through: 80, by: 5) where accuracy >= lowest {
            drawing.text(String(format: "%.0f", accuracy), x: plot.left - 6, y: heights.place(accuracy) + 4, anchor: .end)
            drawing.line("axis", [(plot.left - 3, heights.place(accuracy)), (plot.left, heights.place(accuracy))])
        }
        var last = -100.0
        for exponent in -3...5 {
            for digit in [1.0, 2, 5] {
                let time = digit * pow(10, Double(exponent))
                let x = scale.place(log(time))
                guard x >= plot.left, x <= plot.right, x - last > 40 else { continue }
                last = x
                drawing.text(String(format: "%g", time), x: x, y: plot.bottom + 18, anchor: .middle)
                drawing.line("axis", [(x, plot.bottom), (x, plot.bottom + 3)])
            }
        }
        drawing.text("ms a picture, median", x: plot.right, y: plot.bottom + 36, anchor: .end, style: "note")
    }
}

/// Where values of a range stand.
struct Axis {
    let from: Double
    let to: Double
    let start: Double
    let end: Double

    func place(_ value: Double) -> Double { start + (value - from) / (to - from) * (end - start) }
}
