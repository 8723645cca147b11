import CPlatform
import SwiftletRuntime

/// Where JSON lines go: standard output, or a file to which a run adds that was ended before. A line that it did not finish is written anew.
struct ResumedOutput {
    private let path: String
    private let descriptor: Int32
    /// Lines that are there already.
    private var bytes: ArraySlice<UInt8> = []
    private var number = 0

    /// - Parameter path: nil: standard output.
    init(_ path: String?) throws(ToolError) {
        guard let path else {
            (self.path, descriptor) = ("standard output", 1)
            return
        }
        self.path = path
        var error: Int32 = 0
        descriptor = sp_open_output(path, &error)
        try check(error)
        let whole = try FileContents.open(path).withBytes { Array($0) }
        bytes = whole[...(whole.lastIndex(of: 0x0A) ?? -1)]
        try check(sp_cut_output(descriptor, bytes.count))
    }

    private func check(_ error: Int32) throws(ToolError) {
        guard error == 0 else { throw .failed("cannot write \(path): \(String(cString: sp_error_text(error)))") }
    }

    /// Whether the next line that is there is this picture's.
    /// - Throws: where it is another one's: the list was another one then.
    mutating func holds(_ name: String) throws(ToolError) -> Bool {
        guard let end = bytes.firstIndex(of: 0x0A) else { return false }
        number += 1
        var json = JSONWriter()
        json.object { $0.field("file", name) }
        guard bytes.starts(with: json.text.utf8.dropLast()) else {
            throw .badInput("\(path), line \(number): of another picture than \(name): was the list, or the shard, another one?")
        }
        bytes = bytes[(end + 1)...]
        return true
    }

    func write(_ line: String) throws(ToolError) {
        var line = line
        try check(line.withUTF8 { sp_write(descriptor, $0.baseAddress, $0.count) })
    }
}
