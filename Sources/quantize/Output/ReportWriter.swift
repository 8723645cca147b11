import Foundation
import SwiftletQuantization

/// Writes a report as JSON, or as a page to read.
enum ReportWriter {
    static func takes(_ path: String) -> Bool {
        path.hasSuffix(".json") || path.hasSuffix(".html")
    }

    static func write(_ report: QuantizationReport, to path: String) throws(ToolError) {
        try ToolError.wrapping(.failed, path) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let data = path.hasSuffix(".json") ? try encoder.encode(report) : Data(try page(report).utf8)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }

    private static func page(_ report: QuantizationReport) throws -> String {
        var rows = ""
        for layer in report.layers {
            let notes = layer.notes + (layer.isFloat ? ["float"] : [])
            rows += "<tr><td>\(escaped(layer.name))</td><td>\(escaped(layer.kind))</td><td class=n>\(text(layer.sqnr, 1))</td><td>\(bar(layer.sqnr))</td>"
            rows += "<td class=n>\(text(layer.weightError.map { $0 * 100 }, 2))</td><td class=n>\(text(layer.biasShift, 2))</td>"
            rows += "<td class=n>\(text(Double(layer.low), 3)) … \(text(Double(layer.high), 3))</td>"
            rows += "<td class=n>\(text(layer.rangeFactor.map(Double.init), 3))</td><td>\(escaped(notes.joined(separator: "; ")))</td></tr>\n"
        }
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(report.network)): quantisation</title>
            <style>
            body { font: 14px sans-serif; margin: 2em } table { border-collapse: collapse } th, td { padding: 2px 10px; text-align: left }
            tr:nth-child(even) { background: #f2f5f7 } .n { text-align: right; font-variant-numeric: tabular-nums }
            .bar { display: inline-block; height: 10px; background: #2a78b8 }
            </style></head><body>
            <h1>\(escaped(report.network))</h1>
            <p>\(report.pictures) pictures. Settings: <code>\(escaped(try report.settings.text))</code></p>
            <p>SQNR: the FP32 network's output against the quantised network's, whose layers carry the error of all before them. Weights: relative error.
            Bias: the largest correction in steps of the output grid. Factor: what the measured range was multiplied by.</p>
            <table><tr><th>layer</th><th>kind</th><th>SQNR dB</th><th></th><th>weights %</th><th>bias</th><th>range</th><th>factor</th><th>notes</th></tr>
            \(rows)</table></body></html>

            """
    }

    private static func text(_ value: Double?, _ digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? ""
    }

    private static func bar(_ sqnr: Double?) -> String {
        sqnr.map { "<span class=bar style=\"width:\(Int(min(max($0, 0), 60) * 3))px\"></span>" } ?? ""
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
    }
}
