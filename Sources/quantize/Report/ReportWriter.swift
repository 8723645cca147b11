import Foundation

/// Writes a report as JSON, or as a page to read.
enum ReportWriter {
    static func takes(_ path: String) -> Bool {
        path.hasSuffix(".json") || path.hasSuffix(".html")
    }

    static func write(_ report: ConversionReport, to path: String) throws(ToolError) {
        try ToolError.wrapping(.failed, path) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let data = path.hasSuffix(".json") ? try encoder.encode(report) : Data(ReportPage(report).html.utf8)
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }
}
