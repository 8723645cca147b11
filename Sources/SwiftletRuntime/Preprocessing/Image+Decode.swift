import CJPEG

extension Image {
    /// Decodes a JPEG, or a PPM or PGM in binary form (P6, P5), told apart by their first bytes.
    ///
    /// - Parameter orienting: whether to turn a JPEG as its EXIF orientation says, as OpenCV's `imread` does and Pillow's `open` does not.
    public static func decode(_ bytes: UnsafeRawBufferPointer, orienting: Bool = true) throws(InputError) -> Image {
        guard bytes.count >= 2 else { throw InputError("not a picture: \(bytes.count) bytes") }
        switch (bytes[0], bytes[1]) {
        case (0xFF, 0xD8): return try decodeJPEG(bytes, orienting: orienting)
        case (UInt8(ascii: "P"), UInt8(ascii: "5")), (UInt8(ascii: "P"), UInt8(ascii: "6")): return try decodePPM(bytes)
        default: throw InputError("neither a JPEG nor a binary PPM or PGM")
        }
    }

    /// Decodes a JPEG: baseline, progressive or arithmetic coding; grey, colour, or CMYK and YCCK inverted as Adobe writes them.
    ///
    /// The pixels equal those of Pillow's `convert("RGB")`. A truncated file is an error; other damage may go unnoticed, as in libjpeg.
    public static func decodeJPEG(_ bytes: UnsafeRawBufferPointer, orienting: Bool = true) throws(InputError) -> Image {
        var result = sj_result()
        var height: Int32 = 0
        var width: Int32 = 0
        sj_read_size(bytes.baseAddress, bytes.count, &height, &width, &result)
        guard result.ok else { throw InputError("JPEG: \(message(of: result))") }
        let image = try Image(height: Int(height), width: Int(width))
        sj_decode(bytes.baseAddress, bytes.count, image.storage, height, width, &result)
        guard result.ok else { throw InputError("JPEG: \(message(of: result))") }
        return orienting ? try Orientation(inJPEG: bytes).turn(image) : image
    }

    private static func message(of result: sj_result) -> String {
        withUnsafeBytes(of: result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
