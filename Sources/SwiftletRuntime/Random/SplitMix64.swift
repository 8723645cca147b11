/// The SplitMix64 generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the same numbers everywhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// About normally distributed, mean 0 and variance 1, in (-3.47, 3.47): the sum of the draw's four 16-bit parts. One draw and no
    /// logarithm a value, so that millions of weights take milliseconds on a board too.
    package mutating func nextNormal() -> Float {
        let bits = next()
        let sum = Int32(bits & 0xFFFF) + Int32((bits >> 16) & 0xFFFF) + Int32((bits >> 32) & 0xFFFF) + Int32(bits >> 48)
        // Mean 2 * 65535; a uniform part has the variance 65536^2 / 12, their sum 65536^2 / 3.
        return Float(sum - 131_070) * (1.732_050_8 / 65_536)
    }
}
