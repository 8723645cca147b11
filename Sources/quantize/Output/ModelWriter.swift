import CPlatform
import SwiftletRuntime

/// Writes a .slet file that the runtime is known to read.
enum ModelWriter {
    /// Returns the file's size in bytes.
    static func write(_ builder: ModelBuilder, to path: String) throws(ToolError) -> Int {
        let bytes = builder.finish()
        // The reader is the one place that checks a model: what it refuses must not reach the disk.
        _ = try ToolError.wrapping(.failed, builder.name) { try Model(bytes: bytes) }
        let error = bytes.withUnsafeBytes { sp_write_file(path, $0.baseAddress, $0.count) }
        guard error == 0 else { throw .failed("cannot write \(path): \(String(cString: sp_error_text(error)))") }
        return bytes.count
    }
}
