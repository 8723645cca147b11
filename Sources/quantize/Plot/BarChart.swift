import Foundation

/// Bars of times, each network's name above its own.
enum BarChart {
    private static let top = 56.0
    private static let barHeight = 13.0
    private static let barWidth = 320.0
    private static let left = 12.0

    /// The shortest run of every row.
    static func rows(_ bench: BenchFile) -> String {
        var drawing = SVGDrawing("Shortest run of a batch, ms", note: BenchPlot.device(bench))
        drawing.legend(["int8", "fp32"], y: 22)
        let longest = bench.rows.map(\.minimum).max() ?? 0
        var y = top
        for row in bench.rows {
            let threads = row.threads == 1 ? "1 thread" : "\(row.threads) threads"
            drawing.text("\(row.shortName), \(threads), batch \(row.batch)", x: left, y: y + 12)
            bar(&drawing, row, row.minimum, longest: longest, y: y + 16)
            y += 38
        }
        return drawing.svg(height: y + 8)
    }

    /// Both precisions of each network with the fewest threads, and how many times as fast int8 is.
    static func precisions(_ bench: BenchFile) throws(ToolError) -> String {
        let rows = bench.plainRows
        let pairs = bench.models.compactMap { model -> (float: BenchFile.Row, integer: BenchFile.Row)? in
            let ofModel = rows.filter { $0.model == model }
            guard let float = ofModel.first(where: \.isFloat), let integer = ofModel.first(where: { !$0.isFloat }) else { return nil }
            return (float, integer)
        }
        guard let first = pairs.first else { throw .badInput("no model was measured in fp32 and int8") }
        let setting = "\(first.float.threads) thread\(first.float.threads == 1 ? "" : "s"), batch \(first.float.batch)"
        var drawing = SVGDrawing("FP32 and int8, median ms", note: "\(BenchPlot.device(bench)), \(setting)")
        drawing.legend(["int8", "fp32"], y: 22)
        let longest = pairs.map(\.float.median).max() ?? 0
        var y = top
        for (float, integer) in pairs {
            let factor = integer.median > 0 ? String(format: ": int8 is %.1f times as fast", float.median / integer.median) : ""
            drawing.text(float.shortName + factor, x: left, y: y + 12)
            bar(&drawing, float, float.median, longest: longest, y: y + 16)
            bar(&drawing, integer, integer.median, longest: longest, y: y + 16 + barHeight + 2)
            y += 54
        }
        return drawing.svg(height: y + 8)
    }

    private static func bar(_ drawing: inout SVGDrawing, _ row: BenchFile.Row, _ value: Double, longest: Double, y: Double) {
        let length = longest > 0 ? value / longest * barWidth : 0
        drawing.rectangle(row.isFloat ? "fp32" : "int8", x: left, y: y, width: length, height: barHeight)
        drawing.text(String(format: "%.3f ms", value), x: left + length + 6, y: y + 11)
    }
}
