/// Neighboring operators that each thread carries through on output rows of its own, without waiting for others in between; or one operator
/// that all threads share in its kernel's own way.
///
/// First come operators that every part computes for itself, as a whole: a gate's small vectors, which cost less than to wait for them. The
/// others are a chain: each takes the output of the one before, rows of which it needs. What lies between two of them is nowhere in memory
/// as a whole.
struct OperatorGroup {
    /// Numbers of its operators.
    let operators: Range<Int>
    /// How many of them, from the first on, every part computes for itself.
    let own: Int
    /// Rows of the last operator's output that a thread takes through the chain at a time; of positions where the chain is pointwise.
    let bandRows: Int

    /// An operator that all threads share.
    init(shared index: Int) {
        (operators, own, bandRows) = (index..<(index + 1), 0, 0)
    }

    init(_ operators: Range<Int>, own: Int, bandRows: Int) {
        (self.operators, self.own, self.bandRows) = (operators, own, bandRows)
    }

    var isShared: Bool { bandRows == 0 }
    /// Numbers of the operators that follow one another.
    var chain: Range<Int> { (operators.lowerBound + own)..<operators.upperBound }
    /// Of the operators whose outputs a part keeps to itself.
    var hidden: Range<Int> { isShared ? operators.lowerBound..<operators.lowerBound : operators.dropLast() }
}
