import Foundation

/// A bar a row, as long as its shortest run; readable on light and dark pages.
enum BenchPlot {
    private static let barHeight = 18
    private static let rowHeight = 26
    private static let labelWidth = 360
    private static let barWidth = 480
    private static let top = 44
    private static let style = """
        svg { background: #fff; fill: #222; font: 13px sans-serif }
        .int8 { fill: #2a78b8 }
        .fp32 { fill: #8a98a3 }
        @media (prefers-color-scheme: dark) { svg { background: #16191c; fill: #e6e6e6 } .int8 { fill: #5aa6e0 } .fp32 { fill: #76838d } }
        """

    static func svg(_ bench: BenchFile) -> String {
        let size = (width: labelWidth + barWidth + 110, height: top + rowHeight * bench.rows.count + 16)
        let longest = bench.rows.map(\.minimum).max() ?? 0
        let title = "Minimum ms a run. \(ReportPage.escaped(bench.device.cpu)), \(ReportPage.escaped(bench.device.isa))"
        let bars = bench.rows.enumerated().map { bar($1, at: top + $0 * rowHeight, longest: longest) }
        let extent = "width=\"\(size.width)\" height=\"\(size.height)\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size.width) \(size.height)" \(extent)>
            <title>\(title)</title>
            <style>\(style)</style>
            <text x="12" y="24" font-size="14">\(title)</text>
            \(bars.joined(separator: "\n"))
            </svg>

            """
    }

    private static func bar(_ row: BenchFile.Row, at y: Int, longest: Double) -> String {
        let length = longest > 0 ? row.minimum / longest * Double(barWidth) : 0
        let threads = row.threads == 1 ? "1 thread" : "\(row.threads) threads"
        let label = ReportPage.escaped("\(row.model) \(row.precision), \(threads), batch \(row.batch)")
        let kind = row.precision == "int8" ? "int8" : "fp32"
        return """
            <text x="\(labelWidth - 8)" y="\(y + 14)" text-anchor="end">\(label)</text>\
            <rect class="\(kind)" x="\(labelWidth)" y="\(y)" width="\(fixed(length, 1))" height="\(barHeight)"/>\
            <text x="\(fixed(Double(labelWidth) + length + 6, 1))" y="\(y + 14)">\(fixed(row.minimum, 3)) ms</text>
            """
    }

    private static func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
