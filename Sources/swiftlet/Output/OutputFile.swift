import CPlatform

/// Files that a command writes: complete under their name, or not at all.
enum OutputFile {
    static func write(_ text: String, to path: String) throws(ToolError) {
        var text = text
        let error = text.withUTF8 { sp_write_file(path, $0.baseAddress, $0.count) }
        try check(error, path)
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(ToolError) {
        try check(sp_write_file(path, bytes.baseAddress, bytes.count), path)
    }

    private static func check(_ error: Int32, _ path: String) throws(ToolError) {
        guard error == 0 else { throw .failed("cannot write \(path): \(String(cString: sp_error_text(error)))") }
    }
}
