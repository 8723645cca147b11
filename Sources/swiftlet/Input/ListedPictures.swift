import CPlatform
import SwiftletRuntime

/// The pictures that `classify` is to answer for: its operands, those of a list, or one a line on standard input, which is read as it
/// comes. Of a file that is resumed, those that have no line there.
struct ListedPictures {
    private let arguments: Arguments
    private var entries: [PictureList.Entry] = []
    private let readsLines: Bool
    /// Every `parts`th picture from number `part` on, counted from 1.
    private var part: Int32 = 1
    private var parts: Int32 = 1
    private var position = 0
    /// Lines that were there, and how many are to be passed over yet.
    private var resumed = 0
    private var passed = 0
    /// Pictures that were handed out.
    private(set) var count = 0

    init(_ arguments: Arguments) throws(ToolError) {
        self.arguments = arguments
        let list = arguments.text("list")
        readsLines = list.map { areEqual($0, "-") } ?? false
        if let shard = arguments.text("shard"), !sp_read_part(shard, &part, &parts) { throw .usage("--shard needs I/N, such as 1/4") }
        if let list {
            _ = try arguments.onlyOperand("MODEL.slet")
            if !readsLines { entries = try ToolError.wrapping { () throws(SwiftletError) in try PictureList.list(list).entries } }
        } else {
            for file in arguments.operands.dropFirst() { entries.append(PictureList.Entry(file)) }
        }
        guard let path = arguments.text("resume") else { return }
        var error: Int32 = 0
        resumed = Int(sp_resume_output(path, &error))
        guard error == 0 else { throw .failed("cannot write \(path): \(String(cString: sp_error_text(error)))") }
    }

    mutating func next() throws(ToolError) -> PictureList.Entry? {
        while let entry = try nextOfAll() {
            position += 1
            guard (position - Int(part)) % Int(parts) == 0 else { continue }
            guard passed < resumed else {
                count += 1
                return entry
            }
            passed += 1
            if passed == resumed { try checkLastLine(entry.name) }
        }
        return nil
    }

    private mutating func nextOfAll() throws(ToolError) -> PictureList.Entry? {
        guard readsLines else { return position < entries.count ? entries[position] : nil }
        var problem: UnsafePointer<CChar>?
        let line = sp_next_line(&problem)
        if let problem { throw .badInput(String(cString: problem)) }
        return line.map { PictureList.Entry(String(cString: $0)) }
    }

    /// The last line that was there must be of the picture that the list has in its place.
    private func checkLastLine(_ name: String) throws(ToolError) {
        var json = JSONWriter()
        json.object { $0.field("file", name) }
        var text = json.text
        guard text.withUTF8({ sp_resumes_after($0.baseAddress, $0.count - 1) }) else {
            throw .badInput("the file to resume has another list's, or another shard's, pictures")
        }
    }
}
