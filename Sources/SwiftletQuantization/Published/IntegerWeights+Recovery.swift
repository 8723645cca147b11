import SwiftletGraph

extension IntegerWeights {
    /// How far from a whole number a weight may be, in steps: single-precision factors that were folded in leave less than a tenth of it.
    private static let tolerance: Float = 5e-4

    /// Takes the integers that a model was published with, whatever was folded into its weights since: of each output those of at most 127
    /// whose multiples the weights are. Their step is the product of the file's two scales, as other runtimes compute it.
    /// - Returns: how many outputs have none, and keep what was rounded to nearest.
    mutating func recover(_ convolution: Convolution, input: Grid) -> Int {
        var missed = 0
        for output in 0..<outputs {
            // What is too small for a step of its own has been rounded already.
            let largestProduct = folded[output * perOutput..<(output + 1) * perOutput].reduce(0) { max($0, abs($1)) }
            guard largestProduct > 0, step[output] <= largestProduct / 127 else { continue }
            let scale = commonScale(convolution, of: output, input)
            let row = (scale == nil ? folded : convolution.weights)[output * perOutput..<(output + 1) * perOutput]
            let largest = row.reduce(0) { max($0, abs($1)) }
            guard let count = (1...127).first(where: { Self.areMultiples(row, of: largest / Float($0)) }) else {
                missed += 1
                continue
            }
            let integers = row.map { ($0 / largest * Float(count)).rounded(.toNearestOrEven) }
            // Twice the integers at half the step is the same, with a finer bias.
            var repeats = 1
            while count * repeats * 2 <= 127 { repeats *= 2 }
            let own = Self.scale(near: largest / Float(count), making: row, of: integers)
            set(output, step: (scale ?? 1) * own / Float(repeats), integers: integers.map { Int8($0) * Int8(repeats) })
        }
        return missed
    }

    /// The scale of the input channels that an output reads; nil where they have several.
    private func commonScale(_ convolution: Convolution, of output: Int, _ input: Grid) -> Float? {
        let inputs = convolution.inputsPerGroup
        let first = output / (outputs / convolution.groups) * inputs
        let scale = input.scale(first)
        return (first..<first + inputs).allSatisfy { input.scale($0) == scale } ? scale : nil
    }

    private static func areMultiples(_ row: ArraySlice<Float>, of step: Float) -> Bool {
        row.allSatisfy { abs($0 / step - ($0 / step).rounded(.toNearestOrEven)) <= tolerance }
    }

    /// The number next to `step` whose products with the integers are the weights to the last bit, as the file's scale is while nothing was
    /// folded in; else `step`.
    private static func scale(near step: Float, making row: ArraySlice<Float>, of integers: [Float]) -> Float {
        let candidates = [step, step.nextUp, step.nextDown, step.nextUp.nextUp, step.nextDown.nextDown]
        return candidates.first { scale in zip(row, integers).allSatisfy { $0 == $1 * scale } } ?? step
    }
}
