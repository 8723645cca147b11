import SwiftletRuntime

/// What a picture most likely shows.
enum Probabilities {
    /// The softmax of the logits, computed in double precision with the same operations on every machine, so that printed results are the same too.
    static func softmax(_ logits: UnsafeBufferPointer<Float>) -> [Double] {
        var largest = -Double.infinity
        for logit in logits { largest = max(largest, Double(logit)) }
        var values = [Double](repeating: 0, count: logits.count)
        var sum = 0.0
        for index in 0..<logits.count {
            values[index] = exponential(Double(logits[index]) - largest)
            sum += values[index]
        }
        for index in 0..<values.count { values[index] /= sum }
        return values
    }

    /// The `count` largest, the lower class first among equals.
    static func top(_ values: [Double], _ count: Int) -> [Int] {
        var best: [Int] = []
        for index in 0..<values.count {
            // Everything in `best` has a lower index, so only a greater value goes before it.
            var position = best.count
            while position > 0, values[index] > values[best[position - 1]] { position -= 1 }
            guard position < count else { continue }
            best.insert(index, at: position)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// e^x for x <= 0: 2^n times the series of e^r, |r| <= ln(2) / 2.
    private static func exponential(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        let n = Int(x * 1.4426950408889634 - 0.5)  // to nearest: x is not positive
        let r = (x - Double(n) * 0.693147180369123816490) - Double(n) * 1.90821492927058770002e-10
        var sum = 1.0
        var term = 1.0
        for k in 1...14 {
            term *= r / Double(k)
            sum += term
        }
        return sum * Double(bitPattern: UInt64(1023 + n) << 52)
    }
}
