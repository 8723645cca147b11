/// The checksum of zip entries (ISO 3309, polynomial 0xEDB88320 reflected).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
    }

    static func checksum(_ bytes: FileBytes) -> UInt32 {
        bytes.withUnsafeBytes { raw in
            table.withUnsafeBufferPointer { table in
                var value = UInt32.max
                for byte in raw { value = (value >> 8) ^ table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] }
                return ~value
            }
        }
    }
}
