import Foundation
import SwiftletQuantization

/// Charts as SVG that takes its colors from the page. An attribute without quotes needs a space before "/>", which would join its value.
enum ReportCharts {
    typealias Layer = QuantizationReport.LayerEntry

    /// A bar a layer, in the network's order; 0 to 50 dB.
    static func noise(_ layers: [Layer]) -> String {
        let (width, height, top) = (720.0, 180.0, 50.0)
        let step = (width - 30) / Double(max(1, layers.count))
        var body = ""
        for level in stride(from: 0.0, through: top, by: 10) {
            let y = height - level / top * height
            body += "<path class=grid d='M30 \(number(y + 6))H\(number(width))'/>"
            body += "<text x=26 y=\(number(y + 10)) text-anchor=end>\(Int(level))</text>"
        }
        for (index, layer) in layers.enumerated() {
            guard let sqnr = layer.sqnr else { continue }
            let tall = min(max(sqnr, 0), top) / top * height
            body += "<rect class='\(layer.isFloat ? "float" : "bar")' x=\(number(30 + Double(index) * step)) "
            body += "y=\(number(height - tall + 6)) width=\(number(max(1, step - 1))) height=\(number(tall))>"
            body += "<title>\(ReportPage.escaped(layer.name)): \(ReportPage.text(sqnr, 1)) dB</title></rect>"
        }
        return svg(width, height + 12, body, label: "Signal to noise of each layer's output in decibels")
    }

    /// The FP32 output on its int8 grid, the grid's ends marked; the square root of the counts, so that tails show.
    static func histogram(_ layer: Layer) -> String {
        let (width, height) = (320.0, 90.0)
        let highest = Double(layer.histogram.max() ?? 1).squareRoot()
        let step = width / Double(GridHistogram.bins)
        var body = ""
        for (index, count) in layer.histogram.enumerated() where count > 0 {
            let tall = max(1, Double(count).squareRoot() / highest * (height - 16))
            body += "<rect class=bar x=\(number(Double(index) * step)) y=\(number(height - 14 - tall)) "
            body += "width=\(number(step - 0.5)) height=\(number(tall)) />"
        }
        for end in [-128.0, 127.0] {
            let x = (end - Double(GridHistogram.low)) / Double(GridHistogram.high - GridHistogram.low) * width
            body += "<path class=end d='M\(number(x)) 0V\(number(height - 13))'/>"
            body += "<text x=\(number(x)) y=\(number(height - 2)) text-anchor=middle>\(Int(end))</text>"
        }
        return svg(width, height, body, label: "Histogram of the FP32 output of \(layer.name) on its int8 grid")
    }

    /// A line a channel from the smallest to the largest FP32 value, over the wider line of its grid.
    static func ranges(_ layer: Layer) -> String {
        let (width, height) = (320.0, 90.0)
        let low = Double((layer.channelLow + layer.gridLow).min() ?? 0)
        let high = Double((layer.channelHigh + layer.gridHigh).max() ?? 1)
        let perUnit = (height - 4) / max(high - low, 1e-12)
        let step = width / Double(max(1, layer.channelLow.count))
        func lines(_ lows: [Float], _ highs: [Float]) -> String {
            zip(lows, highs).enumerated().map { index, ends in
                let (top, bottom) = (2 + (high - Double(ends.1)) * perUnit, 2 + (high - Double(ends.0)) * perUnit)
                return "M\(number((Double(index) + 0.5) * step)) \(number(top))V\(number(max(bottom, top + 0.5)))"
            }.joined()
        }
        let thickness = number(max(0.4, step * 0.9))
        let thin = number(max(0.3, step * 0.5))
        let body =
            "<path class=wide stroke-width=\(thickness) d='\(lines(layer.gridLow, layer.gridHigh))'/>"
            + "<path class=line stroke-width=\(thin) d='\(lines(layer.channelLow, layer.channelHigh))'/>"
        let ends = "\(ReportPage.text(low, 2)) to \(ReportPage.text(high, 2))"
        return svg(width, height, body, label: "Range of each channel of \(layer.name), \(ends)")
    }

    private static func svg(_ width: Double, _ height: Double, _ body: String, label: String) -> String {
        "<svg viewBox='0 0 \(number(width)) \(number(height))' role=img aria-label='\(ReportPage.escaped(label))'>\(body)</svg>"
    }

    private static func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
