import SwiftletGraph
import SwiftletRuntime

/// A grid a tensor, which holds what all its channels' grids hold. What a max pool or a concatenation reads and writes has one, since both
/// copy integers.
struct SharedGrids {
    private let network: Network
    /// By tensor, the number that tensors of one grid have in common.
    private var group: [Int]
    private var ranges: [Int: Interval] = [:]

    /// Widening a grid raises what the next operator needs; a network's depth bounds how often.
    private static let mostPasses = 64

    init(_ lifted: LiftedNetwork) {
        network = lifted.network
        group = Array(network.tensors.indices)
        let layers = zip(network.layers, lifted.isFloat).filter { !$1 }.map(\.0)
        for layer in layers where layer.copiesIntegers {
            for input in layer.inputs {
                let (from, to) = (group[input], group[layer.output])
                for tensor in group.indices where group[tensor] == from { group[tensor] = to }
            }
        }
        for (tensor, range) in lifted.ranges.enumerated() {
            guard let range else { continue }
            let other = ranges[group[tensor]] ?? range
            ranges[group[tensor]] = Interval(low: min(other.low, range.low), high: max(other.high, range.high))
        }
        for _ in 0..<SharedGrids.mostPasses {
            var isWider = false
            for layer in layers where widen(layer) { isWider = true }
            if !isWider { break }
        }
    }

    /// By tensor; in float32 of no meaning.
    var grids: [Grid] { network.tensors.indices.map(grid) }

    private func grid(_ tensor: Int) -> Grid {
        guard let range = ranges[group[tensor]] else { return Grid(scales: [1], zeros: [0]) }
        let pair = Grid.pair(low: range.low, high: range.high)
        return Grid(scales: [pair.scale], zeros: [pair.zero])
    }

    /// Makes the output's grid as coarse as the operator's multipliers need, to be within the file's bounds.
    /// - Returns: whether it was finer.
    private mutating func widen(_ layer: Layer) -> Bool {
        let inputs = layer.inputs.map(grid)
        let needed: [Float]
        if case .convolution(let convolution) = layer.operation {
            needed = Int8Convolution.smallestScales(
                IntegerWeights(convolution, input: inputs[0]), residual: inputs.count > 1 ? inputs[1] : nil)
        } else {
            needed = Int8Operator(network: network).smallestScales(layer, inputs: inputs)
        }
        let (scale, least) = (grid(layer.output).scale(0), needed.max() ?? 0)
        guard scale < least, let range = ranges[group[layer.output]] else { return false }
        ranges[group[layer.output]] = Interval(low: range.low * (least / scale) * 1.001, high: range.high * (least / scale) * 1.001)
        return true
    }
}

extension Layer {
    fileprivate var copiesIntegers: Bool {
        if case .pool(let pool) = operation { return pool.kind == .max }
        return operation.copies
    }
}
