import SwiftletRuntime

/// Writes a .slet file that the runtime is known to read.
enum ModelWriter {
    /// - Parameter origin: the file that the model comes from, which is to blame where the runtime does not take it.
    /// - Returns: the file's size in bytes.
    static func write(_ builder: ModelBuilder, of origin: String, to file: OutputFile) throws(ToolError) -> Int {
        let bytes = builder.finish()
        // The reader is the one place that checks a model: what it refuses must not reach the disk.
        _ = try ToolError.wrapping(.badInput, origin) { try Model(bytes: bytes) }
        try file.write(bytes)
        return bytes.count
    }
}
