/// What a pad node adds before and after each axis of its input; negative amounts crop.
struct PadAmounts {
    private(set) var before: [Int]
    private(set) var after: [Int]

    init(_ inference: ShapeInference, rank: Int) throws(GraphError) {
        before = [Int](repeating: 0, count: rank)
        after = before
        let amounts = try inference.integers(1, "pads")
        var axes = Array(0..<rank)
        if inference.graph.hasInput(inference.node, 3) {
            axes = []
            for axis in try inference.integers(3, "axes") { axes.append(try inference.resolved(axis: axis, rank: rank)) }
        }
        guard amounts.count == 2 * axes.count else { throw inference.invalid("\(amounts.count) pads for \(axes.count) axes") }
        guard amounts.allSatisfy({ (-Window.limit...Window.limit).contains($0) }) else { throw inference.invalid("a pad is out of range") }
        for (index, axis) in axes.enumerated() {
            before[axis] = amounts[index]
            after[axis] = amounts[index + axes.count]
        }
    }
}
