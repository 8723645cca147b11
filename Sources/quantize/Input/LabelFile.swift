/// Class names, one a line.
enum LabelFile {
    static func read(_ path: String, classes: Int) throws(ToolError) -> [String] {
        var lines = try TextFile.lines(path)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count == classes else { throw .badInput("\(path): \(lines.count) labels, but the model has \(classes) classes") }
        return lines
    }
}
