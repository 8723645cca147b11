import CPlatform
import SwiftletRuntime

/// Results go to standard output, progress and errors to standard error.
enum Console {
    /// Throws where standard output is full, closed, or a pipe that nobody reads.
    static func write(_ text: String) throws(ToolError) {
        try check(write(text, to: 1))
    }

    /// Closes standard output, after the last `write`.
    static func finish() throws(ToolError) {
        try check(sp_finish_output())
    }

    /// Nobody is left to tell that this failed.
    static func writeError(_ text: String) {
        _ = write(text, to: 2)
    }

    /// A line about what goes on.
    @inline(never)
    static func say(_ text: String) {
        writeError("swiftlet: " + singleLine(text) + "\n")
    }

    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { sp_write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func check(_ error: Int32) throws(ToolError) {
        guard error == 0 else { throw .failed("cannot write to standard output: \(String(cString: sp_error_text(error)))") }
    }
}

/// A line on standard error that is rewritten as work goes on; nothing where that is no terminal.
struct ProgressLine {
    private let isShown = sp_is_terminal(2)
    private let started = sp_nanoseconds()
    private var shown: UInt64 = 0

    /// Shows `done` of `total` and the time left, at most ten times a second.
    mutating func update(_ done: Int, of total: Int, _ what: String) {
        guard isShown else { return }
        let now = sp_nanoseconds()
        guard now - shown > 100_000_000 else { return }
        shown = now
        let filled = total > 0 ? 20 * done / total : 0
        var line = "\r[\(repeated("#", filled))\(repeated(".", 20 - filled))] \(done) of \(total) \(what)"
        if done > 0 {
            let left = Double(now - started) / 1e9 / Double(done) * Double(total - done)
            line += ", \(fixed(left, 0)) s left"
        }
        Console.writeError(line + "\u{1B}[K")
    }

    func clear() {
        if isShown { Console.writeError("\r\u{1B}[K") }
    }
}
