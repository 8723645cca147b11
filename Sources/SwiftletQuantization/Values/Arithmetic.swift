import Foundation

/// Rounds to the nearest integer, ties to even, for |x| <= 2^22; a form that vectorizes.
@inline(__always)
func roundedToEven(_ x: Float) -> Float {
    (x + 0x1.8p23) - 0x1.8p23
}

/// A ratio of powers in decibels. For reports: it decides no byte of a model.
func decibels(_ ratio: Double) -> Double {
    10 * log10(ratio)
}
