import Foundation

/// A text file's lines: UTF-8, ended by LF, CR LF or CR.
enum TextFile {
    /// Longer than any path or label.
    static let longestLine = 4096

    /// - Throws: naming the line that is too long, not UTF-8, or holds a NUL, at which a path would end for the system and not for us.
    static func lines(_ path: String) throws(ToolError) -> [String] {
        let bytes = try InputFile.read(path, atMost: InputFile.largestText)
        var lines: [String] = []
        var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index <= bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            lines.append(try line(bytes[index..<end], "\(path), line \(lines.count + 1)"))
            index = end + 1
            if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { index += 1 }
        }
        return lines
    }

    private static func line(_ bytes: ArraySlice<UInt8>, _ place: @autoclosure () -> String) throws(ToolError) -> String {
        guard bytes.count <= longestLine else {
            throw .badInput("\(place()): \(bytes.count) bytes, more than the \(longestLine) that a line may have")
        }
        guard !bytes.contains(0) else { throw .badInput("\(place()): a NUL byte: not a text file") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .badInput("\(place()): is not UTF-8") }
        return text
    }
}
