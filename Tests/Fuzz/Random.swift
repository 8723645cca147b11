import SwiftletRuntime

/// Draws that are the same on 32-bit and 64-bit machines: those of `Int.random(in:using:)` are not.
struct Random {
    var generator: SplitMix64

    /// - Parameter index: of the input, so that each can be made again alone.
    init(seed: UInt64, index: UInt64) {
        generator = SplitMix64(seed: seed &* 0xD6E8_FEB8_6659_FD93 &+ index)
        generator = SplitMix64(seed: generator.next())
    }

    /// From 0 to `count` - 1.
    mutating func below(_ count: Int) -> Int {
        Int(generator.next() % UInt64(count))
    }

    mutating func oneIn(_ count: Int) -> Bool {
        below(count) == 0
    }

    mutating func byte() -> UInt8 {
        UInt8(truncatingIfNeeded: generator.next())
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[below(values.count)]
    }
}
