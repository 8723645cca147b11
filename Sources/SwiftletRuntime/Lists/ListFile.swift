internal import CPlatform

/// The lists of pictures that there are:
///
/// - CSV with the header `file,class`, fields in quotes where they hold a comma,
/// - `path class` or `path<TAB>class` a line, as PaddleClas and many training programs write them,
/// - a path a line.
///
/// The first line that is not empty tells which. Lines end with LF, CR LF or CR; a byte order mark is passed over.
struct ListFile {
    private enum Form {
        case csv
        case labeled
        case plain
    }

    private let form: Form
    /// The folder that paths are relative to.
    private let root: String

    /// - Parameter root: the folder that paths are relative to; nil: the list's own folder, or for a CSV the folder of the same name beside
    ///   it.
    static func read(_ path: String, root: String?) throws(SwiftletError) -> [PictureList.Entry] {
        let lines = try TextLines.read(path)
        guard let first = lines.firstIndex(where: { !$0.utf8.isEmpty }) else { throw .badFile("\(path): lists no pictures") }
        let list = ListFile(path, firstLine: lines[first], root: root)
        var entries: [PictureList.Entry] = []
        for index in (list.form == .csv ? first + 1 : first)..<lines.count where !lines[index].utf8.isEmpty {
            guard let entry = list.entry(lines[index]) else {
                let separator = list.form == .csv ? "comma" : "space"
                throw .badFile("\(path), line \(index + 1): needs a file name, a \(separator) and a class number")
            }
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw .badFile("\(path): lists no pictures") }
        return entries
    }

    private init(_ path: String, firstLine: String, root: String?) {
        if let fields = CSVLine.fields(firstLine), fields.count == 2, areEqual(fields[0], "file"), areEqual(fields[1], "class") {
            form = .csv
        } else {
            form = ListFile.labeled(firstLine) != nil ? .labeled : .plain
        }
        self.root = root ?? ListFile.defaultRoot(path, isCSV: form == .csv)
    }

    /// Nil where the line is not of the list's form.
    private func entry(_ line: String) -> PictureList.Entry? {
        switch form {
        case .plain: return entry(line, nil)
        case .labeled: return ListFile.labeled(line).map { entry($0.name, $0.label) }
        case .csv:
            guard let fields = CSVLine.fields(line), fields.count == 2, !fields[0].utf8.isEmpty else { return nil }
            return ListFile.classNumber(fields[1]).map { entry(fields[0], $0) }
        }
    }

    private func entry(_ name: String, _ label: Int?) -> PictureList.Entry {
        PictureList.Entry(name: name, path: name.utf8.first == UInt8(ascii: "/") ? name : root + "/" + name, label: label)
    }

    /// The path and the class of a line that ends in white space and a number.
    private static func labeled(_ line: String) -> (name: String, label: Int)? {
        let bytes = Array(line.utf8)
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        guard let last = bytes.lastIndex(where: { !isSpace($0) }), let space = bytes[...last].lastIndex(where: isSpace),
            let number = classNumber(String(decoding: bytes[(space + 1)...last], as: UTF8.self)),
            let end = bytes[..<space].lastIndex(where: { !isSpace($0) })
        else { return nil }
        return (String(decoding: bytes[...end], as: UTF8.self), number)
    }

    private static func defaultRoot(_ path: String, isCSV: Bool) -> String {
        let bytes = Array(path.utf8)
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        if isCSV, let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > slash ?? -1 {
            let beside = String(decoding: bytes[..<dot], as: UTF8.self)
            if sp_is_folder(beside) { return beside }
        }
        guard let slash else { return "." }
        return String(decoding: bytes[..<slash], as: UTF8.self)
    }

    /// Digits alone, up to nine of them: no list has so many classes.
    private static func classNumber(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return text.utf8.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
