/// A labels CSV: the header `file,class`, then a picture a line with its class, counted from 0.
struct LabelledPictures {
    private(set) var pictures: [(file: String, class: Int)] = []

    static func read(_ path: String, classes: Int) throws(ToolError) -> LabelledPictures {
        let text = try MappedFile(path).withBytes { String(decoding: $0, as: UTF8.self) }
        let lines = split(text, 10).map(withoutReturn)
        guard let header = lines.first, areEqual(header, "file,class") else {
            throw .badInput("\(path): the first line must be 'file,class'")
        }
        var result = LabelledPictures()
        for (index, line) in lines.enumerated() where index > 0 && !line.utf8.isEmpty {
            let fields = split(line, UInt8(ascii: ","))
            guard fields.count == 2, !fields[0].utf8.isEmpty, let number = wholeNumber(fields[1]) else {
                throw .badInput("\(path), line \(index + 1): needs a file name, a comma and a class number")
            }
            guard number >= 0, number < classes else {
                throw .badInput("\(path), line \(index + 1): class \(number), but the model has classes 0 to \(classes - 1)")
            }
            result.pictures.append((fields[0], number))
        }
        guard !result.pictures.isEmpty else { throw .badInput("\(path): lists no pictures") }
        return result
    }

    private static func withoutReturn(_ line: String) -> String {
        hasSuffix(line, "\r") ? String(decoding: line.utf8.dropLast(), as: UTF8.self) : line
    }
}
