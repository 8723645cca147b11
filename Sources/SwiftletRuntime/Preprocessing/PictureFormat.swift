/// The formats of picture files.
enum PictureFormat {
    case jpeg
    case png
    /// PPM or PGM, binary.
    case ppm

    /// How many of a file's first bytes tell.
    static let bytesNeeded = 12

    /// - Throws: where it is none of them; formats that are known by sight are named.
    init(of bytes: UnsafeRawBufferPointer) throws(SwiftletError) {
        guard bytes.count >= 2 else { throw .badFile("not a picture: \(bytes.count) bytes") }
        func begins(_ prefix: StaticString, at offset: Int = 0) -> Bool {
            bytes.count >= offset + prefix.utf8CodeUnitCount
                && (0..<prefix.utf8CodeUnitCount).allSatisfy { bytes[offset + $0] == prefix.utf8Start[$0] }
        }
        if bytes[0] == 0xFF && bytes[1] == 0xD8 {
            self = .jpeg
        } else if bytes[0] == 0x89 && begins("PNG\r\n\u{1A}\n", at: 1) {
            self = .png
        } else if begins("P5") || begins("P6") {
            self = .ppm
        } else {
            let others: [(name: StaticString, isOne: Bool)] = [
                ("WebP", begins("RIFF") && begins("WEBP", at: 8)), ("GIF", begins("GIF8")), ("BMP", begins("BM")),
                ("TIFF", begins("II*\0") || begins("MM\0*")), ("HEIF or AVIF", begins("ftyp", at: 4)),
                ("PPM or PGM in text form", begins("P2") || begins("P3")),
            ]
            if let other = others.first(where: { $0.isOne }) {
                throw .badFile("a picture in \(other.name), which cannot be read: convert it to PNG or JPEG")
            }
            throw .badFile("neither a JPEG, a PNG nor a binary PPM or PGM")
        }
    }
}
