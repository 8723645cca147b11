enum Rounding {
    /// The nearest integer to `value`, which is not negative and fits an Int; halves go to the even one. In this form because the boards'
    /// `rounded()` needs a mathematics library.
    static func halfEven(_ value: Double) -> Int {
        let whole = Int(value)
        let rest = value - Double(whole)
        return rest > 0.5 || (rest == 0.5 && whole % 2 == 1) ? whole + 1 : whole
    }
}
