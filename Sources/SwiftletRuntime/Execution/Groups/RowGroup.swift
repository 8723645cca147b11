/// Neighboring operators that each thread carries through on output rows of its own, without waiting for others in between.
///
/// First come operators that every part computes for itself, as a whole: a gate's small vectors, which cost less than to wait for them. The
/// others are a chain: each takes the output of the one before, rows of which it needs. What lies between two of them is nowhere in memory
/// as a whole.
struct RowGroup {
    /// Numbers of its operators.
    let operators: Range<Int>
    /// How many of them, from the first on, every part computes for itself.
    let own: Int
    /// Rows of the last operator's output that a thread takes through the chain at a time; positions where the chain is pointwise.
    let bandRows: Int

    /// Of the operators that every part computes for itself.
    var vectors: Range<Int> { operators.lowerBound..<chain.lowerBound }
    /// Of the operators that follow one another.
    var chain: Range<Int> { (operators.lowerBound + own)..<operators.upperBound }
    /// Of the operators whose outputs a part keeps to itself.
    var hidden: Range<Int> { operators.dropLast() }
}
