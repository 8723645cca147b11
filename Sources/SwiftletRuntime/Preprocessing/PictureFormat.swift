/// The formats of picture files.
enum PictureFormat {
    case jpeg
    case png
    /// PPM or PGM, binary.
    case ppm

    /// How many of a file's first bytes tell.
    static let bytesNeeded = 12

    /// Whether a file that begins so is a picture, or one of a kind that cannot be read.
    static func recognizes(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // A list of pictures may begin with a name such as P5/1.jpg.
        guard bytes.count >= 3, bytes[0] != UInt8(ascii: "P") || bytes[2] <= UInt8(ascii: " ") else { return false }
        do throws(SwiftletError) {
            _ = try PictureFormat(of: bytes)
            return true
        } catch {
            return other(bytes) != nil
        }
    }

    /// - Throws: where it is none of them; formats that are known by sight are named.
    init(of bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
        guard bytes.count >= 2 else { throw .badFile("not a picture: \(bytes.count) bytes") }
        if bytes[0] == 0xFF && bytes[1] == 0xD8 {
            self = .jpeg
        } else if bytes[0] == 0x89 && begins(bytes, "PNG\r\n\u{1A}\n", at: 1) {
            self = .png
        } else if begins(bytes, "P5") || begins(bytes, "P6") {
            self = .ppm
        } else {
            if let other = PictureFormat.other(bytes) {
                throw .badFile("a picture in \(other), which cannot be read: convert it to PNG or JPEG")
            }
            throw .badFile("neither a JPEG, a PNG nor a binary PPM or PGM")
        }
    }

    /// The name of a format that is known by sight and cannot be read.
    private static func other(_ bytes: UnsafeRawBufferPointer) -> StaticString? {
        let others: [(name: StaticString, isOne: Bool)] = [
            ("WebP", begins(bytes, "RIFF") && begins(bytes, "WEBP", at: 8)), ("GIF", begins(bytes, "GIF8")),
            ("BMP", begins(bytes, "BM") && bytes.count > 9 && bytes[6...9].allSatisfy { $0 == 0 }),
            ("TIFF", begins(bytes, "II*\0") || begins(bytes, "MM\0*")), ("HEIF or AVIF", begins(bytes, "ftyp", at: 4)),
            ("PPM or PGM in text form", begins(bytes, "P2") || begins(bytes, "P3")),
        ]
        return others.first { $0.isOne }?.name
    }
}

private func begins(_ bytes: UnsafeRawBufferPointer, _ prefix: StaticString, at offset: Int = 0) -> Bool {
    bytes.count >= offset + prefix.utf8CodeUnitCount
        && (0..<prefix.utf8CodeUnitCount).allSatisfy { bytes[offset + $0] == prefix.utf8Start[$0] }
}
