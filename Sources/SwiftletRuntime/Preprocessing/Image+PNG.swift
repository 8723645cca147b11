internal import CPNG

extension Image {
    /// Decodes a PNG of any color type, depth and interlacing.
    ///
    /// The pixels equal those of Pillow's `convert("RGB")`, which leaves transparency out and does not blend it; of 16 bits a channel the
    /// high byte counts, as OpenCV's `imread` has it. Damage of any chunk is an error.
    static func decodePNG(_ bytes: UnsafeRawBufferPointer) throws(SwiftletError) -> Image {
        let size = try sizeOfPNG(bytes)
        let image = try Image(height: size.height, width: size.width)
        var result = sn_result()
        sn_decode(bytes.baseAddress, bytes.count, image.storage, Int32(size.height), Int32(size.width), &result)
        guard result.ok else { throw .badFile("PNG: \(message(of: result))") }
        return image
    }

    /// The size that a PNG's header claims, in pixels.
    static func sizeOfPNG(_ bytes: UnsafeRawBufferPointer) throws(SwiftletError) -> (height: Int, width: Int) {
        var (result, height, width) = (sn_result(), Int32(0), Int32(0))
        sn_read_size(bytes.baseAddress, bytes.count, &height, &width, &result)
        guard result.ok else { throw .badFile("PNG: \(message(of: result))") }
        return (Int(height), Int(width))
    }

    private static func message(of result: sn_result) -> String {
        withUnsafeBytes(of: result.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
