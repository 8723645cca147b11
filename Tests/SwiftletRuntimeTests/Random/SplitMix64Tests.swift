import SwiftletRuntime
import XCTest

final class SplitMix64Tests: XCTestCase {
    /// The generator's published test sequence for the seed 1234567.
    func testPublishedSequence() {
        var generator = SplitMix64(seed: 1_234_567)
        XCTAssertEqual(
            (0..<3).map { _ in generator.next() }, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    func testNormalValues() {
        var generator = SplitMix64(seed: 1)
        let values = (0..<20_000).map { _ in generator.nextNormal() }
        let mean = values.reduce(0, +) / Float(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
        XCTAssertEqual(mean, 0, accuracy: 0.02)
        XCTAssertEqual(variance, 1, accuracy: 0.02)
        XCTAssertGreaterThan(values.max()!, 2.9)
        XCTAssertLessThan(values.max()!, 3.4642)
    }
}
