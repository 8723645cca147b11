internal import CZlib

/// Deflated data (RFC 1951), by zlib.
enum Inflate {
    /// No deflated byte stands for more (zlib's technical details: 1032 to 1).
    private static let largestRatio = 1032
    /// zlib counts in 32 bits.
    private static let part = 1 << 30

    /// Whether so many bytes can become `size`: what a small file declares costs no memory.
    static func isPossible(from compressed: Int, to size: Int) -> Bool { size / largestRatio <= compressed }

    /// - Parameter size: of the result, above 0.
    /// - Returns: nil where the data are damaged, or the result has another size.
    static func bytes(_ compressed: FileBytes, size: Int) -> [UInt8]? {
        var isWhole = false
        let result = [UInt8](unsafeUninitializedCapacity: size) { output, filled in
            isWhole = compressed.withUnsafeBytes { input in inflate(input, into: output) }
            filled = isWhole ? size : 0
        }
        return isWhole ? result : nil
    }

    /// Whether the whole input becomes just the whole output.
    private static func inflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        guard let source = input.baseAddress, let target = output.baseAddress else { return false }
        var stream = z_stream()
        // A negative window: no header around the data.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return false }
        defer { inflateEnd(&stream) }
        var (taken, filled) = (0, 0)
        while true {
            let (left, room) = (min(input.count - taken, part), min(output.count - filled, part))
            stream.next_in = UnsafeMutablePointer(mutating: (source + taken).assumingMemoryBound(to: Bytef.self))
            stream.avail_in = uInt(left)
            stream.next_out = target + filled
            stream.avail_out = uInt(room)
            let status = CZlib.inflate(&stream, Z_NO_FLUSH)
            let (consumed, produced) = (left - Int(stream.avail_in), room - Int(stream.avail_out))
            taken += consumed
            filled += produced
            if status == Z_STREAM_END { return taken == input.count && filled == output.count }
            guard status == Z_OK, consumed + produced > 0 else { return false }
        }
    }
}
