import TestSupport
import XCTest

@testable import SwiftletRuntime

final class ModelFormatTests: XCTestCase {
    func testRoundTrip() throws {
        let model = try Model(bytes: SmallModel.bytes())
        XCTAssertEqual(model.name, "small")
        XCTAssertEqual(model.operators.map(\.name).first, "stem")
        XCTAssertEqual(model.operators.count, 15)
        XCTAssertEqual(model.classCount, 10)
        XCTAssertEqual(model.labels[3], "class 3")
        XCTAssertEqual(model.provenance.first?.value, "SmallModel")
        XCTAssertFalse(model.isFloat)
    }

    func testEveryTruncationIsRefused() {
        let bytes = SmallModel.bytes()
        for count in 0..<bytes.count {
            XCTAssertThrowsError(try Model(bytes: Array(bytes[..<count])), "cut at \(count)")
        }
    }

    /// A change that the checksum would catch, made with a checksum that fits: the fields' own checks must do. Each must be refused or run
    /// to its end.
    func testDamagedFieldsWithValidChecksums() throws {
        var random = SplitMix64(seed: 7)
        let sections = try SmallModel.bytes().withUnsafeBytes { file in
            try FileLayout.sections(of: file).map { Array($0) }
        }
        var refused = 0
        for _ in 0..<400 {
            var changed = sections
            let section = [0, 0, 0, 2, 3].randomElement(using: &random)!
            let position = Int.random(in: 0..<changed[section].count, using: &random)
            changed[section][position] = UInt8.random(in: 0...255, using: &random)
            let file = FileLayout.assemble(changed)
            do {
                let session = try Session(try Model(bytes: file))
                session.run()
            } catch {
                refused += 1
            }
        }
        XCTAssertGreaterThan(refused, 100)
        XCTAssertLessThan(refused, 400)
    }
}
