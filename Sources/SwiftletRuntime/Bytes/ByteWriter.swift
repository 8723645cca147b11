/// Appends little-endian fields to a byte array.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func uint8(_ value: Int) {
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func uint16(_ value: Int) {
        append(UInt16(truncatingIfNeeded: value))
    }

    mutating func uint32(_ value: Int) {
        append(UInt32(truncatingIfNeeded: value))
    }

    mutating func uint64(_ value: UInt64) {
        append(value)
    }

    mutating func float32(_ value: Float) {
        append(value.bitPattern)
    }

    /// A length in 16 bits and the UTF-8 bytes; what is longer than 65,535 bytes is cut.
    mutating func string(_ value: String) {
        let utf8 = Array(value.utf8.prefix(65_535))
        uint16(utf8.count)
        bytes.append(contentsOf: utf8)
    }

    mutating func align(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    mutating func append(bytes more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        var rest = value
        for _ in 0..<MemoryLayout<Value>.size {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= Value(8)
        }
    }
}
