import TestSupport
import XCTest

@testable import SwiftletRuntime

final class JPEGTests: XCTestCase {
    func testPixelsAreThoseOfPillow() throws {
        for jpeg in SmallJPEG.all {
            let image = try Image.decode(jpeg.bytes)
            XCTAssertEqual(image.height, 16)
            XCTAssertEqual(image.width, 16)
            XCTAssertEqual(image.checksum, jpeg.pixelChecksum, jpeg.name)
        }
    }

    func testOrientationOfFile() throws {
        let stored = try Image.decode(SmallJPEG.baseline.bytes)
        for isBigEndian in [false, true] {
            for value in UInt8(0)...9 {
                let file = SmallJPEG.baseline.oriented(value, bigEndian: isBigEndian)
                let expected = try (Orientation(rawValue: Int(value)) ?? .upright).turn(stored)
                XCTAssertEqual(try Image.decode(file).bytes, expected.bytes, "orientation \(value)")
                XCTAssertEqual(try Image.decode(file, orienting: false).bytes, stored.bytes, "orientation \(value)")
            }
        }
    }

    /// Each orientation, from its definition in EXIF, on   0 1 2
    ///                                                     3 4 5
    func testOrientations() throws {
        let upright: [[UInt8]] = [[0, 1, 2], [3, 4, 5]]
        let expected: [[[UInt8]]] = [
            upright,
            [[2, 1, 0], [5, 4, 3]],
            [[5, 4, 3], [2, 1, 0]],
            [[3, 4, 5], [0, 1, 2]],
            [[0, 3], [1, 4], [2, 5]],
            [[3, 0], [4, 1], [5, 2]],
            [[5, 2], [4, 1], [3, 0]],
            [[2, 5], [1, 4], [0, 3]],
        ]
        let rgb: ([[UInt8]]) -> [UInt8] = { rows in rows.flatMap { $0 }.flatMap { [$0, $0 + 10, $0 + 20] } }
        let image = try Image(height: 2, width: 3, pixels: rgb(upright))
        for (index, rows) in expected.enumerated() {
            let turned = try XCTUnwrap(Orientation(rawValue: index + 1)).turn(image)
            XCTAssertEqual(turned.height, rows.count, "orientation \(index + 1)")
            XCTAssertEqual(turned.bytes, rgb(rows), "orientation \(index + 1)")
        }
    }

    func testErrors() {
        XCTAssertEqual(inputError { _ = try Image.decode([]) }, "not a picture: 0 bytes")
        XCTAssertEqual(inputError { _ = try Image.decode(Array("GIF89a".utf8)) }, "neither a JPEG nor a binary PPM or PGM")
        XCTAssertEqual(inputError { _ = try Image.decode([0xFF, 0xD8, 0xFF, 0xD9]) }, "JPEG: JPEG datastream contains no image")
        XCTAssertEqual(
            inputError { _ = try Image.decode(sized(SmallJPEG.grey, height: 0xFFFF, width: 0xFFFF)) },
            "JPEG: Maximum supported image dimension is 65500 pixels")
        XCTAssertEqual(
            inputError { _ = try Image.decode(sized(SmallJPEG.grey, height: 20_000, width: 20_000)) },
            "JPEG: the file is too short for the size in its header")
    }

    /// A file of a few kilobytes must not keep the decoder busy for minutes.
    func testEndlessScans() {
        let bytes = SmallJPEG.progressive.bytes
        let starts = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
        let lastScan = bytes[starts.last!..<(bytes.count - 2)]
        var file = Array(bytes.dropLast(2))
        for _ in 0..<600 { file += lastScan }
        file += [0xFF, 0xD9]
        XCTAssertEqual(inputError { _ = try Image.decode(file) }, "JPEG: too many scans")
    }

    /// The frame header of `jpeg` changed to another size.
    private func sized(_ jpeg: SmallJPEG, height: Int, width: Int) -> [UInt8] {
        var bytes = jpeg.bytes
        let frame = bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 }!
        for (index, value) in [height >> 8, height & 255, width >> 8, width & 255].enumerated() { bytes[frame + 5 + index] = UInt8(value) }
        return bytes
    }
}
