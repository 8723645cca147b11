/// Reads little-endian fields; every read is nil when bytes are short, so that a check cannot be forgotten.
struct ByteReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func uint8() -> Int? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return Int(bytes[offset])
    }

    mutating func uint16() -> Int? {
        integer(UInt16.self).map { Int($0) }
    }

    /// Nil too where an Int of 32 bits cannot hold the value: no count or offset is that large.
    mutating func uint32() -> Int? {
        integer(UInt32.self).flatMap { Int(exactly: $0) }
    }

    mutating func uint64() -> UInt64? {
        integer(UInt64.self)
    }

    mutating func float32() -> Float? {
        integer(UInt32.self).map { Float(bitPattern: $0) }
    }

    /// UTF-8 after a 16-bit length; invalid sequences are replaced.
    mutating func string() -> String? {
        guard let count = uint16(), let raw = take(count) else { return nil }
        return String(decoding: raw, as: UTF8.self)
    }

    /// The next `count` bytes in place.
    mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }

    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Value? {
        guard MemoryLayout<Value>.size <= bytes.count - offset else { return nil }
        defer { offset += MemoryLayout<Value>.size }
        return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
