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
            forEachChange(of: file) { changed in refused += isRefused { _ = try Image.decode(changed) } ? 1 : 0 }
        }
        forEachChange(of: npy) { changed in refused += isRefused { _ = try NumpyArray(file: changed) } ? 1 : 0 }
        XCTAssertGreaterThan(refused, 500)
    }

    func testRandomTails() {
        var random = SplitMix64(seed: 5)
        let file = SmallJPEG.baseline.oriented(6, bigEndian: false)
        var refused = 0
        for _ in 0..<500 {
            let tail = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
            let changed = file[..<Int.random(in: 2..<file.count, using: &random)] + tail
            refused += isRefused { _ = try Image.decode(Array(changed)) } ? 1 : 0
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
