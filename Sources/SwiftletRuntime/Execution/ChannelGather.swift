/// Neighbors in a source that are neighbors in the target, too.
struct ChannelRun {
    var from: Int32
    var to: Int32
    var count: Int32
}

/// Copies the channels of one map that a concatenation selects, in one pass over its positions; or the columns of one that a resampling
/// takes, in one pass over its rows, where a position is a row and a row's elements are its channels.
struct ChannelGather {
    let source: UnsafeRawPointer
    let target: UnsafeMutableRawPointer
    /// Outlive the gather.
    let runs: UnsafeBufferPointer<ChannelRun>
    /// Elements between two positions.
    let sourceStride: Int
    let targetStride: Int
    /// Bytes, 1 or 4.
    let elementSize: Int
    let positions: Int
    /// By position of one picture of the target, that of the source, as `from`; empty: the same. They outlive the gather.
    var rows = UnsafeBufferPointer<ChannelRun>(start: nil, count: 0)
    /// Positions of one picture of the source, where there are `rows`.
    var sourceRows = 0

    /// - Parameters:
    ///   - channels: the joined maps' channels that the source holds.
    ///   - selected: by channel of the target, the channel of the joined maps.
    static func runs(of channels: Range<Int>, selected: ArraySlice<UInt16>) -> [ChannelRun] {
        var runs: [ChannelRun] = []
        for (to, channel) in selected.enumerated() where channels.contains(Int(channel)) {
            let from = Int32(Int(channel) - channels.lowerBound)
            if let last = runs.last, last.from + last.count == from, last.to + last.count == Int32(to) {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(ChannelRun(from: from, to: Int32(to), count: 1))
            }
        }
        return runs
    }

    func run(_ part: Int, _ parts: Int) {
        if elementSize == 1 { gather(UInt8.self, part, parts) } else { gather(UInt32.self, part, parts) }
    }

    @inline(__always)
    private func gather<Element: BitwiseCopyable>(_ type: Element.Type, _ part: Int, _ parts: Int) {
        for position in positionShare(positions, part, parts) {
            let from = source.assumingMemoryBound(to: Element.self) + sourcePosition(position) * sourceStride
            let to = target.assumingMemoryBound(to: Element.self) + position * targetStride
            for run in runs {
                for i in 0..<Int(run.count) { to[Int(run.to) + i] = from[Int(run.from) + i] }
            }
        }
    }

    @inline(__always)
    private func sourcePosition(_ position: Int) -> Int {
        guard !rows.isEmpty else { return position }
        return position / rows.count * sourceRows + Int(rows[position % rows.count].from)
    }
}
