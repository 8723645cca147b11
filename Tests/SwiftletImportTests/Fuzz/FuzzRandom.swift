/// Repeatable choices for fuzzing.
struct FuzzRandom {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    private static let integers: [Int64] = [
        0, 1, 2, 3, 4, 5, 7, 8, -1, -2, -3, 64, 255, 256, 65_535, 65_536, 65_537, 1_048_576, 67_108_864, 1_073_741_824, 2_147_483_647,
        2_147_483_648, 4_294_967_296, 0x2000_0000_0000_0000, 0x4000_0000_0000_0000, Int64.max, Int64.min, Int64.max - 1, -65_536,
        -2_147_483_648,
    ]
    private static let floats: [Float] = [
        0, -0.0, 1, -1, 0.5, 6, 0.166_666_67, Float.nan, Float.infinity, -Float.infinity, Float.greatestFiniteMagnitude, 1e-45,
    ]

    /// Numbers at which arithmetic goes wrong, and small ones.
    mutating func integer() -> Int64 { pick(Self.integers) }

    mutating func float() -> Float { pick(Self.floats) }

    /// `bytes` with one to four faults: other bits, missing, doubled or moved bytes.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) {
            guard bytes.count > 8 else { return bytes }
            let place = below(bytes.count - 8)
            let length = 1 + below(8)
            switch below(7) {
            case 0: bytes[place] = UInt8(below(256))
            case 1: bytes[place] ^= 1 << UInt8(below(8))
            case 2: bytes.removeSubrange(place..<place + length)
            case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: below(bytes.count))
            case 4: bytes[place] = pick([0, 1, 0x7F, 0x80, 0xFF])
            case 5: for index in place..<place + length { bytes[index] = pick([0, 0x7F, 0x80, 0xFF]) }
            default: bytes.removeLast(below(min(bytes.count, 64)))
            }
        }
        return bytes
    }
}
