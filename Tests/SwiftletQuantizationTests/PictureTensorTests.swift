import XCTest

@testable import SwiftletQuantization

final class PictureTensorTests: XCTestCase {
    /// In a file or in memory, released or not, values stay what they were.
    func testValuesSurviveTheirRelease() throws {
        for limit in [0, 1 << 30] {
            let tensor = try PictureTensor(pictures: 5, bytes: 10_000, largestInMemory: limit)
            for picture in 0..<5 {
                for i in 0..<2500 { tensor.floats(picture)[i] = Float(picture * 2500 + i) }
                tensor.release(picture)
            }
            for picture in (0..<5).reversed() {
                for i in 0..<2500 { XCTAssertEqual(tensor.floats(picture)[i], Float(picture * 2500 + i)) }
                XCTAssertEqual(Int(bitPattern: tensor.picture(picture)) % 64, 0)
            }
        }
    }

    func testAFileThatCannotBeMadeSaysWhy() {
        XCTAssertThrowsError(try SpillFile(bytes: 1 << 60)) { XCTAssert("\($0)".contains("set TMPDIR"), "\($0)") }
    }

    /// Every index once, whatever the number of threads; more than a process usually starts are not too many.
    func testParallelCoversEveryIndex() {
        for (count, threads) in [(0, 4), (1, 4), (7, 3), (1000, 64)] {
            let hits = SharedArray(repeating: 0, count: max(1, count))
            parallel(count, threads: threads) { range in for i in range { hits[i] += 1 } }
            XCTAssertEqual(hits.values.reduce(0, +), count)
            XCTAssertTrue(hits.values.allSatisfy { $0 <= 1 })
        }
        XCTAssertEqual(errorOfStarting(threads: 1), 0)
        XCTAssertEqual(errorOfStarting(threads: 8), 0)
    }
}
