import SwiftletRuntime

/// A bar a row, as long as its shortest run.
enum BenchPlot {
    private static let barHeight = 18
    private static let rowHeight = 26
    private static let labelWidth = 360
    private static let barWidth = 480
    private static let top = 44

    static func svg(_ report: BenchReport) -> String {
        let width = labelWidth + barWidth + 110
        let height = top + rowHeight * report.rows.count + 16
        var longest = 0.0
        for row in report.rows { longest = max(longest, row.minimum) }
        var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        text += "font-family=\"sans-serif\" font-size=\"13\">\n"
        text += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
        text += "<text x=\"12\" y=\"24\" font-size=\"14\">Minimum ms a run. \(escaped(report.device))</text>\n"
        for (index, row) in report.rows.enumerated() {
            let y = top + index * rowHeight
            let length = longest > 0 ? row.minimum / longest * Double(barWidth) : 0
            let label = "\(row.model) \(row.precision), \(row.threads) threads, batch \(row.batch)"
            let color = areEqual(row.precision, "int8") ? "#2a78b8" : "#9aa7b1"
            text += "<text x=\"\(labelWidth - 8)\" y=\"\(y + 14)\" text-anchor=\"end\">\(escaped(label))</text>"
            text += "<rect x=\"\(labelWidth)\" y=\"\(y)\" width=\"\(fixed(length, 1))\" height=\"\(barHeight)\" fill=\"\(color)\"/>"
            text += "<text x=\"\(fixed(Double(labelWidth) + length + 6, 1))\" y=\"\(y + 14)\">\(fixed(row.minimum, 3)) ms</text>\n"
        }
        return text + "</svg>\n"
    }

    private static func escaped(_ text: String) -> String {
        let ampersands = joined(split(Table.cell(text), UInt8(ascii: "&")), "&amp;")
        return joined(split(ampersands, UInt8(ascii: "<")), "&lt;")
    }
}
