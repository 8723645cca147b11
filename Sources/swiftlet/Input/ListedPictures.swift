import CPlatform
import SwiftletRuntime

/// The pictures that a command line names: as operands, by a list, or one a line on standard input, which is read as it comes.
struct ListedPictures {
    private var entries: [PictureList.Entry] = []
    private var position = 0
    private var readsLines = false
    private var lines = InputLines()
    /// Every `parts`th picture from number `part` on, counted from 0.
    private let part: Int
    private let parts: Int

    /// - Parameter operands: of a command that takes a model first.
    init(_ arguments: Arguments) throws(ToolError) {
        (part, parts) = try ListedPictures.shard(arguments)
        let named = arguments.operands.dropFirst()
        guard let list = arguments.text("list") else {
            entries = named.map { PictureList.Entry($0) }
            return
        }
        guard named.isEmpty else { throw .usage("--list names the pictures; '\(named[1])' is one more") }
        if areEqual(list, "-") {
            readsLines = true
        } else {
            entries = try ToolError.wrapping { () throws(SwiftletError) in try PictureList.list(list).entries }
        }
    }

    /// `I/N`: part I of N, counted from 1.
    private static func shard(_ arguments: Arguments) throws(ToolError) -> (part: Int, parts: Int) {
        guard let text = arguments.text("shard") else { return (0, 1) }
        let numbers = split(text, UInt8(ascii: "/")).map { wholeNumber($0) ?? 0 }
        guard numbers.count == 2, numbers[0] >= 1, numbers[0] <= numbers[1] else {
            throw .usage("--shard needs I/N, part I of N, such as 1/4, not '\(text)'")
        }
        return (numbers[0] - 1, numbers[1])
    }

    mutating func next() throws(ToolError) -> PictureList.Entry? {
        while let entry = try nextOfAll() {
            position += 1
            if (position - 1) % parts == part { return entry }
        }
        return nil
    }

    private mutating func nextOfAll() throws(ToolError) -> PictureList.Entry? {
        guard readsLines else { return position < entries.count ? entries[position] : nil }
        while let line = try lines.next() {
            if !line.utf8.isEmpty { return PictureList.Entry(line) }
        }
        return nil
    }
}

/// Lines of standard input.
private struct InputLines {
    /// Bytes, more than any path has.
    private static let longest = 4096
    private var bytes = [UInt8](repeating: 0, count: longest + 1)
    /// Of `bytes`, what was read and not handed out.
    private var (begin, end) = (0, 0)
    private var number = 0

    /// Without its end, LF or CR LF; nil at the end.
    mutating func next() throws(ToolError) -> String? {
        var scanned = begin
        while true {
            if let found = bytes[scanned..<end].firstIndex(of: 0x0A) { return try line(to: found, next: found + 1) }
            scanned = end - begin
            bytes.replaceSubrange(0..<scanned, with: bytes[begin..<end])
            (begin, end) = (0, scanned)
            guard end <= InputLines.longest else { throw .badInput("standard input, line \(number + 1): longer than a path may be") }
            let count = bytes.withUnsafeMutableBytes { sp_read(0, $0.baseAddress! + end, $0.count - end) }
            guard count > 0 else { return end > 0 ? try line(to: end, next: end) : nil }
            end += count
        }
    }

    private mutating func line(to stop: Int, next: Int) throws(ToolError) -> String {
        number += 1
        let text = bytes[begin..<(stop > begin && bytes[stop - 1] == 0x0D ? stop - 1 : stop)]
        begin = next
        guard text.withUnsafeBytes({ sp_is_utf8($0.baseAddress, $0.count) }), !text.contains(0) else {
            throw .badInput("standard input, line \(number): not UTF-8")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
