import SwiftletRuntime

/// Writes a .slet file that the runtime is known to read.
enum ModelWriter {
    /// Returns the file's size in bytes.
    static func write(_ builder: ModelBuilder, to file: OutputFile) throws(ToolError) -> Int {
        let bytes = builder.finish()
        // The reader is the one place that checks a model: what it refuses must not reach the disk.
        _ = try ToolError.wrapping(.failed, builder.name) { try Model(bytes: bytes) }
        try file.write(bytes)
        return bytes.count
    }
}
