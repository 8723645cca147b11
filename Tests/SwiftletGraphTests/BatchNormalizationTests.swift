import SwiftletGraph
import Testing

struct BatchNormalizationTests {
    private func convolution(_ weights: [Float], bias: [Float]) -> Convolution {
        Convolution(window: Window(), groups: 1, weights: weights, bias: bias, activation: .none)
    }

    @Test func foldingIsNormalizationOfTheResult() {
        let norm = Affine.batchNormalization(gamma: [2, -1], beta: [0.5, 3], mean: [1, -4], variance: [3, 0.25], epsilon: 1)
        // gamma / sqrt(variance + epsilon): 1, -0.894...
        let folded = convolution([1, 2, 3, 4], bias: [10, 20]).followed(by: norm)
        let second = -1 / 1.25.squareRoot()
        #expect(folded.weights == [1, 2, Float(3 * second), Float(4 * second)])
        #expect(folded.bias[0] == 10 - 1 + 0.5)
        #expect(abs(folded.bias[1] - Float((20 + 4) * second + 3)) <= 1e-6)
    }

    @Test func withoutBias() {
        let norm = Affine.batchNormalization(gamma: [2], beta: [0.5], mean: [1], variance: [3], epsilon: 1)
        #expect(convolution([7], bias: [0]).followed(by: norm).bias == [-0.5])
    }

    /// 5 / sqrt(3) is rounded once. A factor rounded to single precision before would give another number.
    @Test func factorsAreInDoublePrecision() {
        let norm = Affine.batchNormalization(gamma: [1], beta: [0], mean: [0], variance: [2], epsilon: 1)
        let exact = Float(5 / 3.0.squareRoot())
        #expect(convolution([5], bias: [0]).followed(by: norm).weights == [exact])
        #expect(5 * Float(1 / 3.0.squareRoot()) != exact)
    }
}
