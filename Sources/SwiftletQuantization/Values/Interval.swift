/// An interval of real values; infinite where there is no end.
struct Interval: Sendable, Equatable {
    var low: Float
    var high: Float

    static let everything = Interval(low: -.infinity, high: .infinity)
    static let unit = Interval(low: 0, high: 1)

    var width: Float { high - low }

    /// The one rule by which a grid's ends follow from measured ones, which hold 0: these times `factor`, but no further than `useful`,
    /// and never without 0.
    func scaled(by factor: Float, within useful: Interval) -> Interval {
        Interval(low: max(low * factor, min(useful.low, 0)), high: min(high * factor, max(useful.high, 0)))
    }
}
