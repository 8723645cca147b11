internal import CPlatform
internal import SwiftletRuntime

/// Checks of what C callers pass.
enum Arguments {
    /// - Parameter name: what the pointer is called in the header.
    /// - Throws: bad input where it is null.
    static func pointer<Pointer>(_ pointer: Pointer?, _ name: String) throws(SwiftletError) -> Pointer {
        guard let pointer else { throw .badInput("\(name) is NULL") }
        return pointer
    }

    /// The text of a path. A Swift string would repair what is not UTF-8 and name another file.
    static func path(_ bytes: UnsafePointer<CChar>?) throws(SwiftletError) -> String {
        let bytes = try pointer(bytes, "path")
        var length = 0
        while bytes[length] != 0 { length += 1 }
        guard sp_is_utf8(bytes, length) else { throw .badFile("\(String(cString: bytes)): a name that is not UTF-8") }
        return String(cString: bytes)
    }

    /// Bytes of a file.
    static func bytes(_ bytes: UnsafeRawPointer?, _ size: Int) throws(SwiftletError) -> UnsafeRawBufferPointer {
        let bytes = try pointer(bytes, "bytes")
        // A size beyond half of what the machine can address is a negative number here.
        guard size >= 0 else { throw .badInput("size is more than there can be") }
        return UnsafeRawBufferPointer(start: bytes, count: size)
    }
}
