import SwiftletGraph
import SwiftletRuntime

/// Ranges refined by the KL of the logits: for every tensor, the factor for its measured ranges that moves the FP32 network's answers
/// least.
///
/// To second order, an error e in a tensor costs KL = E[(Σ g e)²] / 2 nats, where g is the gradient of the logits along a random
/// direction whose covariance is their Fisher information (Martens 2020, section 6). Unlike a mean squared error this knows which
/// channels matter, and that what ranges cut off adds up over positions, which rounding errors do not. A channel's mean error does not
/// count: the bias correction of the next layer takes it. Channels are taken to err independently.
///
/// Cross-validated: a picture is judged with the ranges of the pictures outside its fold.
struct RangeRefinement: Sendable {
    static let factors: [Float] = [0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.35, 1.5, 1.75, 2, 2.5, 3, 4]
    /// Vectors have one value a picture, too few to tell what rare ones are cut off: never below a margin such as the logits have.
    static let leastOfVectors: Float = 1.1
    /// How many parts the pictures are divided into.
    static let folds = 8
    /// Pictures whose sums are held at once.
    private static let block = 16

    let prepared: PreparedNetwork
    let settings: QuantizationSettings
    let threads: Int

    private var network: Network { prepared.network }

    /// - Returns: by tensor of the prepared network, the factor; nil where it is not to be chosen. nil: the network's gradients are not
    ///   known.
    func run(on set: CalibrationSet) throws -> [Float?]? {
        guard set.count >= 2, let gradients = Backpropagation(network) else { return nil }
        let workers = (0..<max(1, min(threads, set.count))).map { _ in gradients.makeWorker() }
        guard let ranges = try measure(set, workers) else { return nil }
        let choices = network.layers.indices.compactMap { choice($0, ranges[network.layers[$0].output]) }
        for start in stride(from: 0, to: set.count, by: Self.block) {
            let pictures = start..<min(set.count, start + Self.block)
            let slots = SharedArray<[RangeErrors.Sums]>(repeating: [], count: pictures.count)
            try each(pictures.count, workers) { worker, slot in
                let picture = start + slot
                worker.forward(try set.picture(picture))
                worker.backward(direction(worker, picture))
                slots[slot] = choices.map { choice in
                    choice.errors[picture % Self.folds].sums(
                        worker.values[choice.tensor].floats, worker.gradients[choice.tensor].floats)
                }
            }
            for (slot, picture) in pictures.enumerated() {
                for (choice, sums) in zip(choices, slots[slot]) { choice.errors[picture % Self.folds].add(sums) }
            }
        }
        var result = [Float?](repeating: nil, count: network.tensors.count)
        for choice in choices {
            let least = network.tensors[choice.tensor].isVector ? Self.leastOfVectors : 0
            let allowed = Self.factors.indices.filter { Self.factors[$0] >= least }
            let totals = allowed.map { j in choice.errors.reduce(0) { $0 + $1.total(j) } }
            // Gradients beyond float's range say nothing, nor do those of what only other outputs depend on: the walk
            // chooses.
            let isForOthers = network.outputs.count > 1 && !totals.contains { $0 > 0 }
            guard totals.allSatisfy(\.isFinite), !isForOthers else { continue }
            result[choice.tensor] = Self.factors[allowed[totals.indices.min { totals[$0] < totals[$1] }!]]
        }
        return result
    }

    private struct Choice {
        let tensor: Int
        /// By the fold that judges.
        let errors: [RangeErrors]
    }

    /// nil for a layer whose output's grid does not come from measured ranges.
    private func choice(_ index: Int, _ ranges: ObservedRanges) -> Choice? {
        let output = prepared.output(of: index, settings: settings)
        if output.isLogits || output.isGate { return nil }
        let none = [Float](repeating: 0, count: output.tensor.channels)
        let errors = (0..<Self.folds).map { fold in
            let ends = ranges.ends(perChannel: output.isPerChannel) { $0 % Self.folds != fold }
            return RangeErrors(
                tensor: output.tensor,
                grids: Self.factors.map { GridChoice.scaled(ends, by: $0, for: output, smallest: none).grid })
        }
        return Choice(tensor: network.layers[index].output, errors: errors)
    }

    /// Ranges of all tensors; nil when a value is not finite.
    private func measure(_ set: CalibrationSet, _ workers: [Backpropagation.Worker]) throws -> [ObservedRanges]? {
        let ranges = network.tensors.map { ObservedRanges(pictures: set.count, channels: $0.channels) }
        let finite = SharedArray(repeating: true, count: set.count)
        try each(set.count, workers) { worker, picture in
            worker.forward(try set.picture(picture))
            for (tensor, range) in ranges.enumerated() {
                if !range.record(picture, worker.values[tensor].floats, count: network.tensors[tensor].count) { finite[picture] = false }
            }
        }
        return finite.values.contains(false) ? nil : ranges
    }

    /// A random direction of the logits with their Fisher information as its covariance: √p ξ - p Σ √p ξ, with random signs ξ. Of a
    /// map, whose values are no classes', the signs: every error counts alike.
    private func direction(_ worker: Backpropagation.Worker, _ picture: Int) -> [Float] {
        let output = network.tensors[network.output]
        var generator = SplitMix64(seed: settings.seed, stream: picture)
        guard output.isVector else { return (0..<output.count).map { _ in generator.next() >> 63 == 0 ? 1 : -1 } }
        let softmax = Softmax(UnsafeBufferPointer(start: worker.values[network.output].floats, count: output.count))
        let signed = softmax.probabilities.map { Double($0).squareRoot() * (generator.next() >> 63 == 0 ? 1 : -1) }
        let sum = signed.reduce(0, +)
        return zip(signed, softmax.probabilities).map { Float($0 - Double($1) * sum) }
    }

    /// Shares out 0..<count, each thread with a worker of its own.
    private func each(
        _ count: Int, _ workers: [Backpropagation.Worker], _ body: @Sendable (Backpropagation.Worker, Int) throws -> Void
    ) throws {
        let parts = min(workers.count, count)
        try parallelThrowing(parts, threads: parts) { part in
            for i in count * part / parts..<count * (part + 1) / parts { try body(workers[part], i) }
        }
    }
}
