/// The softmax of a picture's logits, in double precision with the same operations on every machine, so that printed results are the same
/// too.
package struct Softmax: Sendable {
    /// One a class, in [0, 1]; they sum to 1.
    package let probabilities: [Double]
    /// The largest logit; -infinity without classes.
    package let largest: Double
    /// Of e^(logit - largest) over all classes: `largest + log(sum)` is the logarithm that turns a logit into its log-probability.
    package let sum: Double

    /// - Parameter logits: finite values, one a class.
    package init(_ logits: UnsafeBufferPointer<Float>) {
        var largest = -Double.infinity
        for logit in logits { largest = max(largest, Double(logit)) }
        var values = [Double](repeating: 0, count: logits.count)
        var sum = 0.0
        for index in 0..<logits.count {
            values[index] = Softmax.exponential(Double(logits[index]) - largest)
            sum += values[index]
        }
        for index in 0..<values.count { values[index] /= sum }
        (probabilities, self.largest, self.sum) = (values, largest, sum)
    }

    /// e^x for x <= 0: 2^n times the series of e^r, |r| <= ln(2) / 2.
    @inline(never)  // the board's program has it twice otherwise
    static func exponential(_ x: Double) -> Double {
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
