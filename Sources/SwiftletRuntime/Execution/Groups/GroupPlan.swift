/// How some neighboring operators, or one, are divided into parts, between two waits of all threads for one another.
enum GroupPlan {
    /// An operator that all threads share, in its kernel's own way.
    case shared(Int)
    case rows(RowGroupLayout)
    case channels(ChannelGroup)

    /// Numbers of the operators.
    var operators: Range<Int> {
        switch self {
        case .shared(let index): index..<(index + 1)
        case .rows(let layout): layout.group.operators
        case .channels(let group): group.operators
        }
    }

    /// Of the operators whose outputs a part keeps to itself: they are nowhere in memory as a whole.
    var hidden: Range<Int> {
        if case .rows(let layout) = self { return layout.group.hidden }
        return operators.lowerBound..<operators.lowerBound
    }

    /// Bytes of a part for what is hidden.
    var partBytes: Int {
        if case .rows(let layout) = self { return layout.bytes }
        return 0
    }

    var isShared: Bool {
        if case .shared = self { return true }
        return false
    }
}
