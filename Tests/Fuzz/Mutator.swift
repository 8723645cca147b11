import SwiftletRuntime

/// Damages bytes as files get damaged, and as those who attack readers damage them.
struct Mutator {
    /// At which sizes, counts and offsets wrap, or are just within or beyond what a reader allows.
    static let interesting: [UInt64] = [
        0, 1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 257, 1023, 1024, 1025, 4095, 4096, 4097, 16_384, 32_767,
        32_768, 65_500,
        65_535, 65_536, 65_537, 1 << 20, 1 << 24, 1 << 26, (1 << 28) - 1, 1 << 28, (1 << 29) - 1, 1 << 29, (1 << 30) - 1, 1 << 30,
        0x5555_5556,
        0x7FFF_FFC0, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xC000_0000, 0xFFFF_FF00, 0xFFFF_FFC0, 0xFFFF_FFFE, 0xFFFF_FFFF,
    ]

    /// One to four changes. `other` is a file to take parts from.
    static func damaged(_ bytes: [UInt8], with other: [UInt8], _ random: inout Random) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<(1 + random.below(random.oneIn(2) ? 1 : 4)) { change(&bytes, other, &random) }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout Random) {
        guard !bytes.isEmpty else { return bytes.append(random.byte()) }
        let place = random.below(bytes.count)
        switch random.below(12) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1: bytes[place] = random.byte()
        case 2: bytes[place] = random.pick([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
        case 3, 4, 5: put(random.pick(interesting), width: 4, at: random.oneIn(2) ? place / 4 * 4 : place, in: &bytes)
        case 6: put(random.pick(interesting), width: random.pick([2, 8]), at: place, in: &bytes)
        case 7: add(random.below(33) - 16, at: random.oneIn(2) ? place / 4 * 4 : place, in: &bytes)
        case 8: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(16)))
        case 9:
            let count = min(bytes.count - place, 1 + random.below(64))
            bytes.insert(contentsOf: Array(bytes[place..<(place + count)]), at: random.below(bytes.count))
        case 10: splice(&bytes, other, place, &random)
        default: bytes.removeSubrange(place...)
        }
    }

    /// Little endian, or big endian as in JPEG files.
    private static func put(_ value: UInt64, width: Int, at place: Int, in bytes: inout [UInt8]) {
        let isBigEndian = value & 3 == 1 && width == 2
        for index in 0..<min(width, bytes.count - place) {
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBigEndian ? width - 1 - index : index)))
        }
    }

    private static func add(_ change: Int, at place: Int, in bytes: inout [UInt8]) {
        guard bytes.count - place >= 4 else {
            bytes[place] = bytes[place] &+ UInt8(truncatingIfNeeded: change)
            return
        }
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(bytes[place + index]) << UInt32(8 * index) }
        value = value &+ UInt32(truncatingIfNeeded: change)
        for index in 0..<4 { bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
    }

    private static func splice(_ bytes: inout [UInt8], _ other: [UInt8], _ place: Int, _ random: inout Random) {
        guard !other.isEmpty else { return }
        let from = random.below(other.count)
        let count = min(min(bytes.count - place, other.count - from), 1 + random.below(256))
        for index in 0..<count { bytes[place + index] = other[from + index] }
    }
}
