import SwiftletRuntime

/// Names of the classes in the order of their numbers, from the files that there are: see `LabelForm`.
struct LabelFile {
    let labels: [String]
    /// What was assumed, as one line; nil for the plain form.
    let note: String?

    /// - Throws: where it cannot be read, or has other classes than the model.
    init(_ path: String, classes: Int) throws(ToolError) {
        let lines = try ToolError.wrapping(.badInput, path) { try TextLines.read(path) }.dropLastEmpty()
        if let json = try LabelFile.json(path, lines, classes: classes) {
            self = try LabelFile(path, json: json, classes: classes)
        } else {
            self = try LabelFile(path, lines: lines, classes: classes)
        }
    }

    /// Nil for what does not begin as JSON does, or begins so and is not, but has a line for each class.
    private static func json(_ path: String, _ lines: [String], classes: Int) throws(ToolError) -> JSONLabels? {
        let first = lines.first { !$0.isEmpty }?.utf8.first { $0 > 0x20 }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
        do throws(ToolError) {
            return try JSONFile.decode(JSONLabels.self, path, atMost: largestJSON)
        } catch {
            if lines.count == classes { return nil }
            throw error
        }
    }

    private static let largestJSON = 64 << 20

    private init(_ path: String, lines: [String], classes: Int) throws(ToolError) {
        guard lines.count == classes else {
            throw .badInput("\(path): \(lines.count) labels, but the model has \(classes) classes")
        }
        var form = "the plain form, one a line"
        var labels = lines
        if let numbered = LabelLine.numbered(lines) { (labels, form) = (numbered, "lines of a class number and a name") }
        if let named = LabelLine.withoutSynsets(labels) { (labels, form) = (named, "lines of a WordNet number and a name") }
        self.labels = labels
        note = labels == lines ? nil : "\(path): taken for \(form): class 0 is '\(labels[0])'"
    }

    private init(_ path: String, json: JSONLabels, classes: Int) throws(ToolError) {
        let entries = json.entries
        guard entries.count == classes else {
            throw .badInput("\(path): \(json.form) of \(entries.count) labels, but the model has \(classes) classes")
        }
        var labels = [String?](repeating: nil, count: classes)
        for (index, name) in entries {
            guard labels.indices.contains(index), labels[index] == nil else {
                let fault = labels.indices.contains(index) ? "twice" : "of \(classes)"
                throw .badInput("\(path): \(json.form) that names class \(index) \(fault)")
            }
            labels[index] = name
        }
        self.labels = labels.compactMap(\.self)
        note = "\(path): taken for \(json.form): class 0 is '\(self.labels[0])'"
    }
}

/// Lines of a label file that say more than a name.
enum LabelLine {
    /// The names of PaddleClas' `0 name` lines, in the order of the numbers; nil unless every line has one and each number is there once.
    static func numbered(_ lines: [String]) -> [String]? {
        var names = [String?](repeating: nil, count: lines.count)
        for line in lines {
            guard let parts = parts(line), let index = Int(parts.0), names.indices.contains(index), names[index] == nil else { return nil }
            names[index] = parts.1
        }
        return names.isEmpty ? nil : names.compactMap(\.self)
    }

    /// The names of synset lines, `n01440764 tench, Tinca tinca`; nil unless every line is one.
    static func withoutSynsets(_ lines: [String]) -> [String]? {
        var names: [String] = []
        for line in lines {
            guard let parts = parts(line), parts.0.utf8.count == 9, parts.0.utf8.first == UInt8(ascii: "n"),
                parts.0.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            names.append(parts.1)
        }
        return names.isEmpty ? nil : names
    }

    /// What stands before the first white space and after it.
    private static func parts(_ line: String) -> (String, String)? {
        let words = line.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count == 2, let first = words.first else { return nil }
        return (String(first), String(words[1]))
    }
}

extension [String] {
    fileprivate func dropLastEmpty() -> [String] {
        var lines = self
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
