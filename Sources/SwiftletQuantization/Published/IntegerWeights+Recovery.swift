extension IntegerWeights {
    /// How far from a whole number a weight may be, in steps: single-precision factors that were folded in leave less than a tenth of it.
    private static let tolerance: Float = 5e-4

    /// Takes the integers that a model was published with, whatever was folded into its weights since: of each output those of at most 127
    /// whose multiples the weights are.
    /// - Returns: how many outputs have none, and keep what was rounded to nearest.
    mutating func recover() -> Int {
        var missed = 0
        for output in 0..<outputs {
            let row = folded[output * perOutput..<(output + 1) * perOutput]
            let largest = row.reduce(0) { max($0, abs($1)) }
            // What is too small for a step of its own has been rounded already.
            guard largest > 0, step[output] <= largest / 127 else { continue }
            guard let count = (1...127).first(where: { Self.areMultiples(row, of: largest / Float($0)) }) else {
                missed += 1
                continue
            }
            // As many steps as fit: the finer they are, the finer is the bias.
            let repeats = 127 / count
            set(
                output, step: largest / Float(count * repeats),
                integers: row.map { Int8(($0 / largest * Float(count)).rounded(.toNearestOrEven)) * Int8(repeats) })
        }
        return missed
    }

    private static func areMultiples(_ row: ArraySlice<Float>, of step: Float) -> Bool {
        row.allSatisfy { abs($0 / step - ($0 / step).rounded(.toNearestOrEven)) <= tolerance }
    }
}
