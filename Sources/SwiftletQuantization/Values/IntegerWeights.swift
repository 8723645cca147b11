import SwiftletGraph

/// A convolution's weights with the input's scales folded in, on an int8 grid per output channel.
///
/// conv(x) = Σ w x = Σ (w scale) (q - zero), so that per-channel input grids cost nothing when it runs.
struct IntegerWeights: Sendable {
    let outputs: Int
    let perOutput: Int
    /// [output][kernel position][channel of the group]: weight * scale of its input channel
    let folded: [Float]
    /// [output]: weight * scale ≈ integer * step
    private(set) var step: [Float]
    /// As `folded`, in [-127, 127]
    private(set) var integers: [Int8]
    /// Guards that acted.
    private(set) var notes: [String] = []

    private static let smallestStep: Float = 1e-12
    /// Quarter of what the file allows: room for the zero points' part and the bias correction.
    private static let largestBias: Float = 67_108_864  // 2^26

    /// Folds, chooses steps and rounds to nearest.
    init(_ convolution: Convolution, input: Grid) {
        outputs = convolution.outputs
        perOutput = convolution.weights.count / outputs
        let inputs = convolution.inputsPerGroup
        let outputsPerGroup = outputs / convolution.groups
        var folded = convolution.weights
        var step = [Float](repeating: 0, count: outputs)
        var raised = 0
        for o in 0..<outputs {
            let firstChannel = o / outputsPerGroup * inputs
            var largest: Float = 0
            for k in 0..<perOutput {
                let value = folded[o * perOutput + k] * input.scale(firstChannel + k % inputs)
                folded[o * perOutput + k] = value
                largest = max(largest, abs(value))
            }
            // A channel of near-zero weights with a normal bias: a finer step would push the bias out of int32.
            let needed = max(Self.smallestStep, abs(convolution.bias[o]) / Self.largestBias)
            if largest / 127 < needed { raised += 1 }
            step[o] = max(largest / 127, needed)
        }
        self.folded = folded
        self.step = step
        integers = [Int8](repeating: 0, count: folded.count)
        if raised > 0 { notes.append("\(raised) channels of near-zero weights: step raised") }
        for o in 0..<outputs { roundToNearest(o) }
    }

    /// - Parameter values: [kernel position][channel of the group]
    mutating func set(_ output: Int, step value: Float, integers values: [Int8]) {
        step[output] = value
        integers.replaceSubrange(output * perOutput..<(output + 1) * perOutput, with: values)
    }

    mutating func roundToNearest(_ output: Int) {
        for k in output * perOutput..<(output + 1) * perOutput {
            integers[k] = Int8(max(-127, min(127, (folded[k] / step[output]).rounded(.toNearestOrEven))))
        }
    }

    /// Coarser weights for one output, rounded anew.
    mutating func raiseStep(_ output: Int, to value: Float) {
        step[output] = value
        roundToNearest(output)
    }

    /// The int32 bias: bias / step - Σ weight * zero point of the input, in steps. Raises the step of outputs whose bias would not fit in
    /// `largest`.
    mutating func bias(_ bias: [Float], _ convolution: Convolution, input: Grid, largest: Int32) -> [Int32] {
        var raised = 0
        let result = (0..<outputs).map { o in
            while true {
                let value = (Double(bias[o]) / Double(step[o]) - zeroPart(o, convolution, input)).rounded(.toNearestOrEven)
                if abs(value) <= Double(largest) { return Int32(value) }
                raiseStep(o, to: step[o] * 2)
                raised += 1
            }
        }
        if raised > 0 { notes.append("step raised \(raised) times so that biases fit") }
        return result
    }

    private func zeroPart(_ output: Int, _ convolution: Convolution, _ input: Grid) -> Double {
        let inputs = convolution.inputsPerGroup
        let firstChannel = output / (outputs / convolution.groups) * inputs
        var sum = 0.0
        for k in 0..<perOutput {
            sum += Double(integers[output * perOutput + k]) * Double(input.offset(firstChannel + k % inputs))
        }
        return sum
    }

    /// Root mean square of the rounding error, relative to the folded weights'; nil when all are zero.
    var error: Double? {
        var (signal, noise) = (0.0, 0.0)
        for o in 0..<outputs {
            for k in o * perOutput..<(o + 1) * perOutput {
                let difference = Double(folded[k]) - Double(integers[k]) * Double(step[o])
                signal += Double(folded[k]) * Double(folded[k])
                noise += difference * difference
            }
        }
        return signal > 0 ? (noise / signal).squareRoot() : nil
    }
}
