import Crypto
import Foundation

/// An Ed25519 key that signs, in PEM as OpenSSL has it (RFC 8410).
struct SigningKey {
    private let key: Curve25519.Signing.PrivateKey

    /// What stands before a key's 32 bytes in its DER form.
    private static let privatePrefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let publicPrefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

    /// A new one.
    init() {
        key = Curve25519.Signing.PrivateKey()
    }

    /// - Parameter path: of the private key, in PEM or 64 hexadecimal digits.
    init(_ path: String) throws(ToolError) {
        let text = String(decoding: try InputFile.read(path, atMost: InputFile.largestSettings), as: UTF8.self)
        guard let raw = SigningKey.raw(text), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw) else {
            throw .badInput("\(path): not an Ed25519 private key, in PEM or 64 hexadecimal digits; quantize key makes one")
        }
        self.key = key
    }

    var privatePEM: String { SigningKey.pem("PRIVATE KEY", SigningKey.privatePrefix + key.rawRepresentation) }
    var publicPEM: String { SigningKey.pem("PUBLIC KEY", SigningKey.publicPrefix + key.publicKey.rawRepresentation) }

    /// 64 bytes.
    func signature(of content: Data) throws(ToolError) -> [UInt8] {
        [UInt8](try ToolError.wrapping(.failed, "signature") { try key.signature(for: content) })
    }

    private static func pem(_ name: String, _ bytes: [UInt8]) -> String {
        "-----BEGIN \(name)-----\n\(Data(bytes).base64EncodedString())\n-----END \(name)-----\n"
    }

    private static func raw(_ text: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        if lines.count == 1, lines[0].count == 64 {
            let digits = Array(lines[0])
            let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
            return bytes.count == 32 ? bytes : nil
        }
        let body = lines.filter { !$0.hasPrefix("-") }.joined()
        guard let data = Data(base64Encoded: body), data.starts(with: privatePrefix), data.count == privatePrefix.count + 32 else {
            return nil
        }
        return [UInt8](data.dropFirst(privatePrefix.count))
    }
}
