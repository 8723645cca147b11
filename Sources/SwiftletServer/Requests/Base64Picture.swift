import Foundation
import NIOCore

/// A picture file as base64, alone or as a browser's `data:` address.
enum Base64Picture {
    /// - Parameter place: in the JSON, for the error.
    static func decode(_ text: String, at place: String) throws(RequestError) -> ByteBuffer {
        var code = text[...]
        if code.hasPrefix("data:"), let comma = code.firstIndex(of: ",") { code = code[code.index(after: comma)...] }
        guard let data = Data(base64Encoded: String(code)) else { throw .badRequest("\(place): is not base64") }
        return ByteBuffer(data: data)
    }
}
