internal import CKernels

/// Where a part of a group of rows keeps what lies between its operators.
struct RowGroupLayout {
    let group: RowGroup
    let chain: RowChain
    /// By operator of the group but the last: of its output in the part's memory.
    let offsets: [Int]
    /// Of a part.
    let bytes: Int
    /// What all parts do in a run, one call of a kernel or one copy each.
    let steps: Int

    /// Parts of a group may take this much together.
    private static let mostBytes = WideCount(64 << 20)
    private static let mostSteps = 1 << 16

    /// Nil where a group takes more memory than it may.
    init?(_ group: RowGroup, _ chain: RowChain, operators: [ModelOperator], tensors: [TensorDescription], parts: Int) {
        guard let (heights, bands) = RowGroupLayout.heights(group, chain, parts: parts) else { return nil }
        var (offsets, bytes): ([Int], WideCount) = ([], WideCount(0))
        for index in group.hidden {
            offsets.append(Int(bytes.value))
            let place = index - group.chain.lowerBound
            let size = place < 0 ? tensors[operators[index].output].byteCount : WideCount(heights[place]) * chain.rowBytes[place]
            bytes = bytes + (size + Int(SK_SLACK)).aligned
            guard bytes * parts <= RowGroupLayout.mostBytes else { return nil }
        }
        steps = parts * group.own + bands * 2 * chain.shapes.count
        (self.group, self.chain, self.offsets, self.bytes) = (group, chain, offsets, Int(bytes.value))
    }

    /// By operator of the chain, the most rows of its output that a band takes; and the number of bands of all parts.
    private static func heights(_ group: RowGroup, _ chain: RowChain, parts: Int) -> (heights: [Int], bands: Int)? {
        let most = chain.rows / group.bandRows + parts + 1
        guard most <= mostSteps / (2 * chain.shapes.count) else { return nil }
        var (heights, count) = ([Int](repeating: 0, count: chain.shapes.count), 0)
        for part in 0..<parts {
            for band in chain.bands(ofPart: part, of: parts, rows: group.bandRows) {
                let windows = chain.outputRows(under: band)
                for index in 0..<heights.count { heights[index] = max(heights[index], windows[index].count) }
                count += 1
            }
        }
        return (heights, count)
    }

    func bands(ofPart part: Int, of parts: Int) -> [Range<Int>] { chain.bands(ofPart: part, of: parts, rows: group.bandRows) }
}
