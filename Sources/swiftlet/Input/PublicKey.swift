import CSignature
import SwiftletRuntime

/// An Ed25519 public key: PEM, as `quantize key` and OpenSSL write it, or 64 hexadecimal digits.
struct PublicKey {
    private let bytes: [UInt8]

    private static let size = 32
    /// The begin of a key's DER form (RFC 8410), before its 32 bytes.
    private static let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
    private static let largestFile = 4096

    init(_ path: String) throws(ToolError) {
        let file = try ToolError.wrapping(path) { () throws(SwiftletError) in try FileContents(path, largest: PublicKey.largestFile) }
        guard let bytes = file.withBytes({ PublicKey.parse($0) }) else {
            throw .badInput("\(path): not an Ed25519 public key, in PEM or 64 hexadecimal digits")
        }
        self.bytes = bytes
    }

    func verifies(_ signature: UnsafeRawBufferPointer, of content: UnsafeRawBufferPointer) -> Bool {
        sg_verify(bytes, signature.assumingMemoryBound(to: UInt8.self).baseAddress, content.baseAddress, content.count)
    }

    private static func parse(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        if let key = digits(text, bits: 4, from: 0), key.count == size { return key }
        // PEM: a line of dashes, base64, a line of dashes.
        guard text.first == UInt8(ascii: "-"), let begin = text.firstIndex(of: UInt8(ascii: "\n")),
            let key = digits(text, bits: 6, from: begin), key.count == prefix.count + size, key.starts(with: prefix)
        else { return nil }
        return Array(key[prefix.count...])
    }

    /// The bytes that digits of 4 or 6 bits stand for, up to the first "-" or "=", white space left out; nil where something else is there.
    private static func digits(_ text: UnsafeRawBufferPointer, bits: UInt32, from begin: Int) -> [UInt8]? {
        var (result, value, count) = ([UInt8](), UInt32(0), UInt32(0))
        for byte in text[begin...] {
            if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "=") { break }
            if byte <= UInt8(ascii: " ") { continue }
            guard let digit = bits == 4 ? hexadecimal(byte) : base64(byte) else { return nil }
            value = value << bits | digit
            count += bits
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: value >> count))
            }
        }
        return result
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    private static func base64(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
