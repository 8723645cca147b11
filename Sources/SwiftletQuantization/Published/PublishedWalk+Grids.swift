import SwiftletGraph

/// Which grid a tensor gets.
extension PublishedWalk {
    /// What the noted range of a result grows by: whoever noted it may have cut the largest values off, which decide here.
    private static let outputMargin: Float = 1.5

    func isAllowed(_ grid: Grid, _ smallest: [Float]) -> Bool {
        smallest.indices.allSatisfy { grid.scale($0) >= smallest[$0] }
    }

    /// The grid that a layer's output came with, or one that is derived; nil where there is neither.
    mutating func grid(of index: Int, smallest: [Float]) -> Grid? {
        let layer = prepared.network.layers[index]
        if let grid = grids[layer.output] { return grid }
        guard derivesGrids, let range = derivedRange(of: index) else { return nil }
        let tensor = network.tensors[layer.output]
        let mayVary =
            !tensor.isVector
            && readers[layer.output].allSatisfy { reader in
                if case .convolution(let convolution) = prepared.network.layers[reader].operation { convolution.isDepthwise } else { true }
            }
        let channels = 0..<tensor.channels
        let whole = Interval(
            low: channels.reduce(0) { min($0, range[$1].low) }, high: channels.reduce(0) { max($0, range[$1].high) })
        let choice = GridChoice.pairs(
            over: mayVary ? channels.map { range[$0] } : [whole], activation: layer.operation.activation,
            smallest: mayVary ? smallest : [smallest.max() ?? 0])
        guard !choice.losesClamp else { return nil }
        counts.derived += 1
        intervals[layer.output] = range
        return choice.grid
    }

    /// Where a layer's values lie that came without a grid; nil where that is not known closely enough.
    private func derivedRange(of index: Int) -> ChannelIntervals? {
        let layer = layer(index)
        let inputs = layer.inputs.compactMap { intervals[$0] }
        guard inputs.count == layer.inputs.count else { return nil }
        var known = prepared.useful[index]
        if let top = readingTop(of: layer.output) { known.high = min(known.high, top) }
        if var observed = prepared.network.tensors[layer.output].observed {
            if prepared.network.outputs.contains(where: { $0.tensor == layer.output }) { observed *= Self.outputMargin }
            known = known.intersected(Interval(low: -observed, high: observed))
        }
        // Bounds of a sum of many products are far wider than its values.
        if case .convolution = layer.operation, !known.isFinite { return nil }
        var range = ChannelIntervals(layer, inputs, in: network)
        range.values = range.values.map { $0.intersected(known).holdingZero }
        return range.values.allSatisfy(\.isFinite) ? range : nil
    }

    /// Above this the only reader of a tensor, a table whose values rise with it, gives no other value.
    private func readingTop(of tensor: Int) -> Float? {
        guard readers[tensor].count == 1, case .activation(let activation) = prepared.network.layers[readers[tensor][0]].operation,
            activation.domain.high == .infinity, activation.domain.low.isFinite
        else { return nil }
        let output = prepared.network.layers[readers[tensor][0]].output
        // None of them lies further below its argument than mish does.
        let margin: Float = 0.35
        if let grid = grids[output] { return grid.scales.indices.map { grid.interval($0).high }.max().map { $0 + margin } }
        return prepared.network.tensors[output].observed.map { $0 + margin }
    }
}
