import TestSupport
import XCTest

@testable import SwiftletRuntime

final class PNGTests: XCTestCase {
    private static let forms = SmallPNG.Color.allCases.flatMap { color in color.depths.map { (color, $0) } }

    /// Every color type, depth and interlacing, in sizes at which passes and rows of few bits end in every way.
    func testPixels() throws {
        for (color, depth) in Self.forms {
            for (height, width) in [(1, 1), (5, 7), (8, 8), (18, 33)] {
                for interlaced in [false, true] {
                    let png = SmallPNG(color, depth: depth, height: height, width: width, interlaced: interlaced)
                    let image = try Image.decode(png.bytes)
                    XCTAssertEqual(image.height, height)
                    XCTAssertEqual(image.width, width)
                    XCTAssertEqual(image.bytes, png.pixels, "\(color) \(depth) \(width)x\(height) \(interlaced)")
                }
            }
        }
    }

    func testTruncatedAnywhere() {
        let file = SmallPNG(.palette, depth: 4, height: 5, width: 7, interlaced: true).bytes
        for count in 0..<file.count { XCTAssertFalse(inputError { _ = try Image.decode(Array(file.prefix(count))) }.isEmpty) }
    }

    /// One bit wrong in any byte of any chunk: its checksum, or with it the signature or a length, tells.
    func testDamagedAnywhere() {
        let file = SmallPNG(.palette, depth: 2, height: 3, width: 3, interlaced: false).bytes
        for index in file.indices {
            var changed = file
            changed[index] ^= 0x10
            XCTAssertFalse(inputError { _ = try Image.decode(changed) }.isEmpty, "byte \(index)")
        }
    }

    func testDamageUnderRightChecksumsIsSafe() {
        var random = SplitMix64(seed: 3)
        var refused = 0
        for _ in 0..<2000 {
            let (color, depth) = Self.forms[Int(random.next() % UInt64(Self.forms.count))]
            var file = SmallPNG(color, depth: depth, height: 3, width: 5, interlaced: random.next() & 1 == 0, seed: random.next()).bytes
            for _ in 0..<2 { file[8 + Int(random.next() % UInt64(file.count - 8))] = UInt8(truncatingIfNeeded: random.next()) }
            do { _ = try Image.decode(SmallPNG.withRightChecksums(file)) } catch { refused += 1 }
        }
        XCTAssertGreaterThan(refused, 500)
    }

    func testAbsurdSizes() {
        var file = SmallPNG(.rgb, depth: 8, height: 3, width: 5, interlaced: false).bytes
        let sizes: [([UInt8], String)] = [
            ([0, 0, 0x30, 0], "too short"), ([0, 0, 0xFF, 0], "more than the limit"), ([0x7F, 0xFF, 0xFF, 0xFF], "PNG"),
            ([0, 0, 0, 0], "PNG"),
        ]
        for (size, word) in sizes {
            file.replaceSubrange(16..<20, with: size)
            file.replaceSubrange(20..<24, with: size)
            XCTAssertTrue(inputError { _ = try Image.decode(SmallPNG.withRightChecksums(file)) }.contains(word), word)
        }
    }
}
