import TestSupport
import XCTest

@testable import SwiftletRuntime

/// Whatever the bytes: a picture, an array, or an error of one line. The crashes and out-of-range accesses that these look for show best
/// under AddressSanitizer.
final class DamagedInputTests: XCTestCase {
    private let ppm = Array("P6 #c\n 3 2 \n255\n".utf8) + (0..<18).map { UInt8($0) }
    private let npy = NumpyArray(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]).npy()

    func testTruncations() {
        for file in SmallJPEG.all.map(\.bytes) + [SmallJPEG.baseline.oriented(6, bigEndian: true), ppm] {
            for count in 0..<file.count {
                _ = inputError { _ = try Image.decode(Array(file[..<count])) }
            }
        }
        for count in 0..<npy.count {
            _ = inputError { _ = try NumpyArray(file: Array(npy[..<count])) }
        }
    }

    func testChangedBytes() {
        var refused = 0
        for file in SmallJPEG.all.map(\.bytes) + [SmallJPEG.baseline.oriented(6, bigEndian: false), ppm] {
            forEachChange(of: file) { changed in refused += isRefusedOrWhole { try Image.decode(changed) } ? 1 : 0 }
        }
        forEachChange(of: npy) { changed in
            let isRefused = isRefused {
                let array = try NumpyArray(file: changed)
                XCTAssertEqual(array.values.count, array.shape.reduce(1, *))
            }
            refused += isRefused ? 1 : 0
        }
        XCTAssertGreaterThan(refused, 500)
    }

    /// A gray file whose header announces three components: the scans of two never come.
    func testMissingComponents() throws {
        var file = SmallJPEG.gray.bytes
        let header: [UInt8] = [0xFF, 0xC0, 0x00, 0x0B]
        let start = try XCTUnwrap(file.indices.first { file[$0...].starts(with: header) })
        file.replaceSubrange(start + 2..<start + 4, with: [0x00, 0x11])
        file.replaceSubrange(start + 9..<start + 13, with: [3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0])
        XCTAssertEqual(inputError { _ = try Image.decode(file) }, "JPEG: a color component has no data")
        let gray = try file.withUnsafeBytes { try Image.decode($0, lenient: true) }
        XCTAssertEqual(gray.width, 16)
        gray.withPixels { XCTAssertEqual($0[0], $0[1]) }
    }

    func testRandomTails() {
        var random = SplitMix64(seed: 5)
        let file = SmallJPEG.baseline.oriented(6, bigEndian: false)
        var refused = 0
        for _ in 0..<500 {
            let tail = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            let changed = file[..<Int.random(in: 2..<file.count, using: &random)] + tail
            refused += isRefusedOrWhole { try Image.decode(Array(changed)) } ? 1 : 0
        }
        XCTAssertGreaterThan(refused, 400)
    }

    private func forEachChange(of file: [UInt8], _ body: ([UInt8]) -> Void) {
        for index in file.indices {
            for change in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
                var changed = file
                changed[index] ^= change
                body(changed)
            }
        }
    }

    /// Whether a picture is refused; one that is not has a color for each pixel of sides within bounds.
    private func isRefusedOrWhole(_ decode: () throws -> Image) -> Bool {
        isRefused {
            let picture = try decode()
            XCTAssertTrue(Image.isWithinBounds(height: picture.height, width: picture.width))
            XCTAssertEqual(picture.bytes.count, picture.height * picture.width * 3)
        }
    }

    private func isRefused(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch {
            XCTAssertFalse((error as! SwiftletError).message.isEmpty)
            return true
        }
    }
}
