/// Copies the channels of one map that a concatenation selects, in one pass over its positions.
struct ChannelGather {
    /// Neighbors in the source that are neighbors in the target, too.
    private struct Run {
        var from: Int32
        var to: Int32
        var count: Int32
    }

    private let source: UnsafeRawPointer
    private let target: UnsafeMutableRawPointer
    private let runs: UnsafeMutableBufferPointer<Run>
    /// In elements, between two positions.
    private let sourceStride: Int
    private let targetStride: Int
    private let elementSize: Int
    private let positions: Int

    /// - Parameters:
    ///   - channels: those of the joined maps that `source` holds.
    ///   - selected: by channel of the target, the channel of the joined maps.
    init(
        source: UnsafeRawPointer, target: UnsafeMutableRawPointer, channels: Range<Int>, selected: [UInt16], elementSize: Int,
        positions: Int
    ) {
        (self.source, self.target, self.elementSize, self.positions) = (source, target, elementSize, positions)
        (sourceStride, targetStride) = (channels.count, selected.count)
        var runs: [Run] = []
        for (to, channel) in selected.enumerated() where channels.contains(Int(channel)) {
            let from = Int32(Int(channel) - channels.lowerBound)
            if let last = runs.last, last.from + last.count == from, last.to + last.count == Int32(to) {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Run(from: from, to: Int32(to), count: 1))
            }
        }
        self.runs = .allocate(capacity: max(runs.count, 1))
        for (index, run) in runs.enumerated() { self.runs.initializeElement(at: index, to: run) }
        count = runs.count
    }

    /// Of `runs`.
    private let count: Int

    func free() {
        runs.deallocate()
    }

    func run(_ part: Int, _ parts: Int) {
        if elementSize == 1 { gather(UInt8.self, part, parts) } else { gather(UInt32.self, part, parts) }
    }

    @inline(__always)
    private func gather<Element: BitwiseCopyable>(_ type: Element.Type, _ part: Int, _ parts: Int) {
        for position in positionShare(positions, part, parts) {
            let from = source.assumingMemoryBound(to: Element.self) + position * sourceStride
            let to = target.assumingMemoryBound(to: Element.self) + position * targetStride
            for index in 0..<count {
                let run = runs[index]
                for i in 0..<Int(run.count) { to[Int(run.to) + i] = from[Int(run.from) + i] }
            }
        }
    }
}
