import CPlatform
import Foundation
import SwiftletRuntime

/// Everything that the tool says: results on standard output, where what does not arrive is an error; the rest on standard error.
enum Console {
    /// Before anything is opened. A descriptor that the caller closed would be the next file's, which results would then be written into.
    static func prepare() {
        // Files beyond the shell's limit and readers that have gone are then errors of writing, with a message.
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest that is free is the one that was found closed. Standard output stays one that cannot be written to.
            _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    /// Whether results can be written at all; nobody should wait for a calibration that ends in nothing.
    static var hasOutput: Bool { fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE != O_RDONLY }

    /// A result: lines for standard output.
    static func print(_ text: String) throws(ToolError) {
        var bytes = ContiguousArray((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(errno) }
            bytes.removeFirst(count)
        }
        // A full disk may say so only when the file is closed.
        let copy = dup(STDOUT_FILENO)
        guard copy < 0 || close(copy) == 0 else { throw failure(errno) }
    }

    private static func failure(_ error: Int32) -> ToolError {
        .failed("cannot write to standard output: \(String(cString: sp_error_text(error)))")
    }

    /// A line about the run, whatever is in the names that it holds.
    static func error(_ line: String) {
        write(singleLine(line) + "\n")
    }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { sp_write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
