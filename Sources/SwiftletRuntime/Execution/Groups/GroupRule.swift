/// Which groups a session makes of a model's operators. Results are the same.
package enum GroupRule {
    /// Those that cost least.
    case cheapest
    /// None: all threads share each operator.
    case none
    /// Wherever there may be some, by bands of so many rows.
    case rows(Int)
    /// Wherever there may be some, by channels where there is a choice.
    case channels
}
