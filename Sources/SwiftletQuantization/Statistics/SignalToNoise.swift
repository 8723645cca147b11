/// Powers of some values and of the errors in them.
package struct SignalToNoise: Sendable, Equatable {
    /// Sums of squares.
    package private(set) var signal = 0.0
    package private(set) var noise = 0.0

    package init() {}

    /// - Parameters:
    ///   - value: what is right.
    ///   - found: what was got in its place.
    @inline(__always)
    package mutating func add(_ value: Double, _ found: Double) {
        signal += value * value
        noise += (value - found) * (value - found)
    }

    /// Logits of one picture less their means, since a shift of all changes no answer.
    /// - Parameters:
    ///   - logits: what is right, one value a class.
    ///   - found: as many.
    package mutating func add(logits: [Float], _ found: [Float]) {
        let (mean, foundMean) = (Self.mean(logits), Self.mean(found))
        for (value, other) in zip(logits, found) { add(Double(value) - mean, Double(other) - foundMean) }
    }

    package static func += (sum: inout SignalToNoise, other: SignalToNoise) {
        sum.signal += other.signal
        sum.noise += other.noise
    }

    /// Signal to noise; infinite where there is no noise.
    package var decibels: Double { noise > 0 ? SwiftletQuantization.decibels(signal / noise) : .infinity }

    private static func mean(_ values: [Float]) -> Double { values.reduce(0.0) { $0 + Double($1) } / Double(max(1, values.count)) }
}
