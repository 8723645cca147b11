import SwiftletRuntime

extension SplitMix64 {
    /// - Parameter stream: the generator's number among those of one seed.
    init(seed: UInt64, stream: Int) {
        self.init(seed: seed &+ UInt64(stream) &* 0xD1B5_4A32_D192_ED03)
    }

    /// `count` of 0..<total in ascending order, all of them when there are no more (selection sampling, Knuth 3.4.2 S).
    mutating func sample(_ count: Int, of total: Int) -> [Int] {
        guard count < total else { return Array(0..<total) }
        var chosen: [Int] = []
        chosen.reserveCapacity(count)
        for i in 0..<total where chosen.count < count {
            if next() % UInt64(total - i) < UInt64(count - chosen.count) { chosen.append(i) }
        }
        return chosen
    }
}

/// `count` of 0..<total, evenly spaced, the ends among them.
func evenlySpaced(_ count: Int, of total: Int) -> [Int] {
    count < 2 ? Array(0..<min(count, total)) : (0..<count).map { $0 * (total - 1) / (count - 1) }
}
