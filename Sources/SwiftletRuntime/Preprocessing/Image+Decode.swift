internal import CJPEG

extension Image {
    /// Reads and decodes a picture file, as `decode(_:orienting:lenient:)` does its bytes.
    /// - Throws: an error that names the file.
    public static func decode(path: String, orienting: Bool = true, lenient: Bool = false) throws(SwiftletError) -> Image {
        do {
            return try read(path, orienting: orienting, lenient: lenient)
        } catch {
            throw error.about(path)
        }
    }

    private static func read(_ path: String, orienting: Bool, lenient: Bool) throws(SwiftletError) -> Image {
        var file = try InputFile(path)
        // A large file of another kind is refused before it is read.
        try file.read(first: PictureFormat.bytesNeeded)
        _ = try file.withBytes { bytes throws(SwiftletError) in try PictureFormat(of: bytes) }
        try file.read()
        return try file.withBytes { bytes throws(SwiftletError) in try decode(bytes, orienting: orienting, lenient: lenient) }
    }

    /// Decodes a JPEG, a PNG, or a PPM or PGM in binary form (P6, P5), told apart by their first bytes.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - orienting: whether to turn a JPEG as its EXIF orientation says, as OpenCV's `imread` does and Pillow's `open` does not.
    ///   - lenient: whether to decode a damaged JPEG as far as it makes sense.
    public static func decode(_ bytes: UnsafeRawBufferPointer, orienting: Bool = true, lenient: Bool = false) throws(SwiftletError) -> Image
    {
        switch try PictureFormat(of: bytes) {
        case .jpeg: try decodeJPEG(bytes, orienting: orienting, lenient: lenient)
        case .png: try decodePNG(bytes)
        case .ppm: try decodePPM(bytes)
        }
    }

    /// The pixels that a picture file claims to have, by its header: what decoding would take is known before. Of a PPM, which has as many
    /// bytes, 0.
    package static func pixelCount(of bytes: UnsafeRawBufferPointer) throws(SwiftletError) -> Int {
        let size: (height: Int, width: Int)
        switch try PictureFormat(of: bytes) {
        case .jpeg: size = try sizeOfJPEG(bytes, lenient: false)
        case .png: size = try sizeOfPNG(bytes)
        case .ppm: return 0
        }
        return size.height * size.width
    }

    /// Decodes a JPEG: baseline, progressive or arithmetic coding; gray, color, or CMYK and YCCK inverted as Adobe writes them.
    ///
    /// The pixels equal those of Pillow's `convert("RGB")`, on every processor. A truncated file is an error, and so is damage to the coded
    /// picture, unless `lenient`; what touches no pixel, such as junk between segments, is accepted.
    static func decodeJPEG(_ bytes: UnsafeRawBufferPointer, orienting: Bool = true, lenient: Bool = false) throws(SwiftletError)
        -> Image
    {
        let size = try sizeOfJPEG(bytes, lenient: lenient)
        let image = try Image(height: size.height, width: size.width)
        var result = sj_result()
        sj_decode(bytes.baseAddress, bytes.count, lenient, image.storage, Int32(size.height), Int32(size.width), &result)
        guard result.ok else { throw .badFile("JPEG: \(message(of: result))") }
        return orienting ? try Orientation(inJPEG: bytes).turn(image) : image
    }

    /// The size that a JPEG's header claims, in pixels, before it is turned.
    private static func sizeOfJPEG(_ bytes: UnsafeRawBufferPointer, lenient: Bool) throws(SwiftletError) -> (height: Int, width: Int) {
        var (result, height, width) = (sj_result(), Int32(0), Int32(0))
        sj_read_size(bytes.baseAddress, bytes.count, lenient, &height, &width, &result)
        guard result.ok else { throw .badFile("JPEG: \(message(of: result))") }
        return (Int(height), Int(width))
    }

    private static func message(of result: sj_result) -> String {
        withUnsafeBytes(of: result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
