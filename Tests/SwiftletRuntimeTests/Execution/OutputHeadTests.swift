import Foundation
import SwiftletRuntime
import Testing

/// What heads that were taken off make of logits.
@Suite struct OutputHeadTests {
    private let logits: [Float] = [1, 3, -2, 3, 0, -40, 17]

    private func values(_ head: OutputHead) -> [Float] { logits.withUnsafeBufferPointer(head.values) }

    private func probabilities(_ logits: [Float], _ head: OutputHead) -> Probabilities {
        logits.withUnsafeBufferPointer { Probabilities($0, head) }
    }

    /// Against the C library's functions.
    @Test func values() {
        let sum = logits.reduce(0) { $0 + exp(Double($1)) }
        #expect(values(.none) == logits)
        #expect(values(.topK) == logits)
        #expect(values(.argMax) == [6])
        for (index, logit) in logits.enumerated() {
            let x = Double(logit)
            #expect(abs(Double(values(.softmax)[index]) - exp(x) / sum) < 1e-7)
            #expect(abs(Double(values(.logSoftmax)[index]) - (x - log(sum))) < 1e-6 * max(1, abs(x - log(sum))))
            #expect(abs(Double(values(.sigmoid)[index]) - 1 / (1 + exp(-x))) < 1e-7)
        }
    }

    /// The logarithm of sums from one class to many equal ones.
    @Test func logarithm() {
        for count in [1, 2, 3, 10, 1000] {
            let equal = [Float](repeating: 5, count: count).withUnsafeBufferPointer(OutputHead.logSoftmax.values)
            #expect(abs(Double(equal[0]) + log(Double(count))) < 1e-6)
        }
    }

    @Test func aSigmoidsProbabilitiesStandAlone() {
        #expect(probabilities([0, 200, -200], .sigmoid).values == [0.5, 1, exp(-200) / (1 + exp(-200))])
        for head in [OutputHead.none, .softmax, .logSoftmax, .argMax, .topK] {
            #expect(probabilities([2, 2], head).values == [0.5, 0.5])
        }
    }

    @Test func top() {
        let result = probabilities([1, 3, 2, 3, 0], .none)
        #expect(result.top(0) == [])
        #expect(result.top(1) == [1])
        #expect(result.top(3) == [1, 3, 2])
        #expect(result.top(9) == [1, 3, 2, 0, 4])
    }
}
