import XCTest

@testable import SwiftletQuantization

final class PictureTensorTests: XCTestCase {
    /// In a file or in memory, released or not, values stay what they were.
    func testValuesSurviveTheirRelease() {
        for limit in [0, 1 << 30] {
            let tensor = PictureTensor(pictures: 5, bytes: 10_000, largestInMemory: limit)
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

    func testAFileThatCannotBeMadeIsNil() {
        XCTAssertNil(SpillFile(bytes: 1 << 60))
    }
}
