import SwiftletImport
import XCTest

final class BatchNormFoldingTests: XCTestCase {
    func testFoldingIsNormalisationOfTheResult() {
        let norm = BatchNormFolding(gamma: [2, -1], beta: [0.5, 3], mean: [1, -4], variance: [3, 0.25], epsilon: 1)
        // gamma / sqrt(variance + epsilon): 1, -0.894...
        let folded = norm.fold(weights: [1, 2, 3, 4], bias: [10, 20])
        let second = -1 / 1.25.squareRoot()
        XCTAssertEqual(folded.weights, [1, 2, Float(3 * second), Float(4 * second)])
        XCTAssertEqual(folded.bias[0], 10 - 1 + 0.5)
        XCTAssertEqual(folded.bias[1], Float((20 + 4) * second + 3), accuracy: 1e-6)
    }

    func testWithoutBias() {
        let norm = BatchNormFolding(gamma: [2], beta: [0.5], mean: [1], variance: [3], epsilon: 1)
        XCTAssertEqual(norm.fold(weights: [7], bias: []).bias, [-0.5])
    }
}
