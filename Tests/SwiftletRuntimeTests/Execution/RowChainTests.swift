import TestSupport
import XCTest

@testable import SwiftletRuntime

/// Which rows and channels a part computes.
final class RowChainTests: XCTestCase {
    private func chain(_ operators: Range<Int>) throws -> RowChain {
        let model = try Model(bytes: SmallModel.bytes())
        return try XCTUnwrap(RowChain(model.operators[operators], model.tensors))
    }

    /// A 5x5 window of stride 1 over 9 rows takes two rows more on either side, as far as there are some.
    func testRowsUnderRows() throws {
        let chain = try chain(1..<3)  // expansion and depthwise
        XCTAssertEqual(chain.outputRows(under: 0..<1), [0..<3, 0..<1])
        XCTAssertEqual(chain.outputRows(under: 3..<5), [1..<7, 3..<5])
        XCTAssertEqual(chain.outputRows(under: 8..<9), [6..<9, 8..<9])
        let shape = chain.shapes[1].band(3..<5)
        XCTAssertEqual([shape.in_h, shape.out_h, shape.pad_top, shape.pad_bottom], [6, 2, 0, 0])
        let first = chain.shapes[1].band(0..<1)
        XCTAssertEqual([first.in_h, first.out_h, first.pad_top, first.pad_bottom], [3, 1, 2, 0])
    }

    func testBandsAreAllRows() throws {
        let chain = try chain(1..<3)
        for parts in 1...5 {
            for rows in [1, 2, 3, 7, 9] {
                let bands = (0..<parts).flatMap { chain.bands(ofPart: $0, of: parts, rows: rows) }
                XCTAssertEqual(bands.flatMap { Array($0) }, Array(0..<9), "\(parts) parts, \(rows) rows")
                XCTAssertLessThanOrEqual(bands.map(\.count).max()!, rows)
            }
        }
    }

    func testBandsFitTheirBudget() throws {
        let chain = try chain(1..<3)
        XCTAssertEqual(chain.bandRows(most: 9, budget: 1 << 20), 9)
        XCTAssertEqual(chain.bandRows(most: 9, budget: 6 * 8 * 24), 2)
        XCTAssertEqual(chain.bandRows(most: 9, budget: 1), 1)
    }
}
