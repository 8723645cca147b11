import CPlatform
import SwiftletRuntime

/// A labels CSV: the header `file,class`, then a picture a line with its class, counted from 0.
struct LabeledPictures {
    private(set) var pictures: [(file: String, class: Int)] = []

    static func read(_ path: String, classes: Int) throws(ToolError) -> LabeledPictures {
        let file = try FileContents.open(path)
        var result = LabeledPictures()
        try file.withBytes { bytes throws(ToolError) in try result.parse(bytes, path, classes: classes) }
        guard !result.pictures.isEmpty else { throw .badInput("\(path): lists no pictures") }
        return result
    }

    private mutating func parse(_ bytes: UnsafeRawBufferPointer, _ path: String, classes: Int) throws(ToolError) {
        var rest = bytes[...]
        var number = 0
        while !rest.isEmpty || number == 0 {
            let end = rest.firstIndex(of: 10) ?? rest.endIndex
            var line = rest[..<end]
            rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
            if line.last == 13 { line = line.dropLast() }
            number += 1
            if number == 1 {
                guard areEqual(String(decoding: UnsafeRawBufferPointer(rebasing: line.prefix(11)), as: UTF8.self), "file,class") else {
                    throw .badInput("\(path): the first line must be 'file,class'")
                }
            } else if !line.isEmpty {
                pictures.append(try LabeledPictures.picture(line, "\(path), line \(number)", classes: classes))
            }
        }
    }

    private static func picture(
        _ line: Slice<UnsafeRawBufferPointer>, _ place: String, classes: Int
    ) throws(ToolError) -> (file: String, class: Int) {
        let bytes = UnsafeRawBufferPointer(rebasing: line)
        // A repaired name would be another file's.
        guard sp_is_utf8(bytes.baseAddress, bytes.count) else { throw .badInput("\(place): not UTF-8") }
        let fields = split(String(decoding: bytes, as: UTF8.self), UInt8(ascii: ","))
        guard fields.count == 2, !fields[0].utf8.isEmpty, let number = wholeNumber(fields[1]) else {
            throw .badInput("\(place): needs a file name, a comma and a class number")
        }
        guard number >= 0, number < classes else {
            throw .badInput("\(place): class \(number), but the model has classes 0 to \(classes - 1)")
        }
        return (fields[0], number)
    }
}
