import SwiftletGraph

extension PublishedGrid {
    /// A layer whose results lie on this grid cannot give anything below 0, or above 6 where the grid ends there: converters leave out the
    /// activation that does the same.
    var impliesClamp: (low: Float, high: Float)? {
        guard scales.count == 1, zeroPoints[0] == lowest else { return nil }
        let largest = scales[0] * Float(highest - lowest)
        return (0, abs(largest - 6) < 0.06 ? 6 : .infinity)
    }
}
