import Foundation

/// Class names, one a line.
enum LabelFile {
    static func read(_ path: String, classes: Int) throws(ToolError) -> [String] {
        let text = try ToolError.wrapping(.badInput, path) { try String(contentsOfFile: path, encoding: .utf8) }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count == classes else { throw .badInput("\(path): \(lines.count) labels, but the model has \(classes) classes") }
        return lines
    }
}
