import Foundation
import SwiftletRuntime
import XCTest

final class SoftmaxTests: XCTestCase {
    private func softmax(_ logits: [Float]) -> Softmax {
        logits.withUnsafeBufferPointer(Softmax.init)
    }

    /// Against the C library's exponential, over logits from far apart to nearly equal.
    func testProbabilities() {
        for scale in [0.01, 1, 20, 60] as [Float] {
            let logits = (0..<40).map { (Float($0 * 17 % 40) / 40 - 0.7) * scale }
            let result = softmax(logits)
            let largest = Double(logits.max()!)
            let sum = logits.reduce(0) { $0 + exp(Double($1) - largest) }
            XCTAssertEqual(result.largest, largest)
            XCTAssertEqual(result.sum, sum, accuracy: 1e-13 * sum)
            for (logit, probability) in zip(logits, result.probabilities) {
                let expected = exp(Double(logit) - largest) / sum
                XCTAssertEqual(probability, expected, accuracy: 1e-13 * expected)
            }
        }
    }

    func testLargeLogits() {
        XCTAssertEqual(softmax([3e38, -3e38, 3e38]).probabilities, [0.5, 0, 0.5])
    }
}
