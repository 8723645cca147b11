internal import CPlatform

/// A text file's lines: UTF-8, ended by LF, CR LF or CR, after a byte order mark or none.
package enum TextLines {
    /// Lists and labels: a million lines and more.
    static let largestFile = 256 << 20
    /// Bytes, more than any path or label has.
    static let longestLine = 4096

    /// - Throws: naming the line that is too long, not UTF-8, or holds a NUL, at which a path would end for the system and not for us.
    package static func read(_ path: String) throws(SwiftletError) -> [String] {
        let file = try FileContents.about(path, largest: largestFile)
        return try file.withBytes { bytes throws(SwiftletError) in try lines(bytes, path) }
    }

    /// - Parameter path: as errors name it.
    static func lines(_ bytes: UnsafeRawBufferPointer, _ path: String) throws(SwiftletError) -> [String] {
        var lines: [String] = []
        var index = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        while index <= bytes.count {
            var end = index
            while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
            lines.append(try line(UnsafeRawBufferPointer(rebasing: bytes[index..<end]), "\(path), line \(lines.count + 1)"))
            index = end + 1
            if end + 1 < bytes.count, bytes[end] == 0x0D, bytes[end + 1] == 0x0A { index += 1 }
        }
        return lines
    }

    private static func line(_ bytes: UnsafeRawBufferPointer, _ place: @autoclosure () -> String) throws(SwiftletError) -> String {
        guard bytes.count <= longestLine else {
            throw .badFile("\(place()): \(bytes.count) bytes, more than the \(longestLine) that a line may have")
        }
        guard !bytes.contains(0) else { throw .badFile("\(place()): a NUL byte: not a text file") }
        guard sp_is_utf8(bytes.baseAddress, bytes.count) else { throw .badFile("\(place()): not UTF-8") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
