import Foundation

/// Writes a report as JSON, or as a page to read.
enum ReportWriter {
    static func takes(_ path: String) -> Bool {
        path.hasSuffix(".json") || path.hasSuffix(".html")
    }

    static func write(_ report: ConversionReport, to file: OutputFile) throws(ToolError) {
        let data = try ToolError.wrapping(.failed, file.path) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return file.path.hasSuffix(".json") ? try encoder.encode(report) : Data(ReportPage(report).html.utf8)
        }
        try file.write(data)
    }
}
