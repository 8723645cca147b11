internal import CKernels

/// Neighboring operators each of whose output channels takes the same channel of the one before: a thread carries channels of its own
/// through all of them. The first one, a convolution, may take any channels of what was there before.
///
/// Unlike rows, channels have no neighbors: nothing is computed twice, however small the map. Where windows are large beside their map,
/// this is the way to divide it; what lies between the operators is in memory as a whole.
struct ChannelGroup {
    /// Numbers of its operators.
    let operators: Range<Int>
    let channels: Int
    /// Where channels may be cut: multiples of this.
    let granule: Int

    /// The channels of a part: none, or at least as many as the granule.
    func share(_ part: Int, of parts: Int) -> Range<Int> { cut(part, of: parts)..<cut(part + 1, of: parts) }

    private func cut(_ part: Int, of parts: Int) -> Int {
        if part == parts { return channels }
        let nearest = (channels * part / parts + granule / 2) / granule * granule
        return max(0, min(nearest, (channels - granule) / granule * granule))
    }

    /// Of the largest part.
    func largestShare(of parts: Int) -> Int { (0..<parts).reduce(0) { max($0, share($1, of: parts).count) } }

    /// Whether an operator may be the first, or another.
    static func takes(_ operation: ModelOperator, isFirst: Bool) -> Bool {
        switch operation.kind.traits.shape {
        case .depthwise, .globalPool: return true
        case .convolution: return isFirst && operation.shape.groups == 1
        default: return false
        }
    }

    /// Nil where the channels cannot be cut.
    init?(_ operators: Range<Int>, of all: [ModelOperator]) {
        (self.operators, channels) = (operators, Int(all[operators.lowerBound].shape.out_c))
        var granule = 0
        for index in operators {
            guard let isa = all[index].kernelISA else { return nil }
            granule = max(granule, Int(sk_channel_granule(isa)))
        }
        // Pools and kernels in single precision read whole granules.
        let isWhole = channels % granule == 0
        let needsWhole = operators.contains { all[$0].kind.isFloat || all[$0].kind.traits.shape == .globalPool }
        guard channels >= 2 * granule, isWhole || !needsWhole else { return nil }
        self.granule = granule
    }
}
