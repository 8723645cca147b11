import CPlatform
import SwiftletRuntime

/// Reads picture files: JPEG, or PPM and PGM.
enum Pictures {
    /// The pixels that go into a session of `model`: decoded, resized and cropped as the model file says.
    static func load(_ path: String, for model: Model) throws(ToolError) -> [UInt8] {
        let file = sp_map(path)
        guard file.error == 0 else { throw .badInput("\(path): \(String(cString: sp_error_text(file.error)))") }
        defer { sp_unmap(file) }
        do {
            let image = try Image.decode(UnsafeRawBufferPointer(start: file.bytes, count: file.size))
            return try model.preprocessing.apply(image)
        } catch {
            throw .badInput("\(path): \(error.message)")
        }
    }
}
