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

    func testPixelCountStandsInTheHeader() throws {
        for jpeg in SmallJPEG.all { XCTAssertEqual(try jpeg.bytes.withUnsafeBytes { try Image.pixelCount(of: $0) }, 256, jpeg.name) }
        let png = SmallPNG(.gray, depth: 8, height: 5, width: 7, interlaced: false).bytes
        XCTAssertEqual(try png.withUnsafeBytes { try Image.pixelCount(of: $0) }, 35)
        XCTAssertEqual(try Array("P5 1 1 255 x".utf8).withUnsafeBytes { try Image.pixelCount(of: $0) }, 0)
        XCTAssertEqual(
            inputError { _ = try Array("hello".utf8).withUnsafeBytes { try Image.pixelCount(of: $0) } },
            "neither a JPEG, a PNG nor a binary PPM or PGM")
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
        XCTAssertEqual(inputError { _ = try Image.decode(Array("hello".utf8)) }, "neither a JPEG, a PNG nor a binary PPM or PGM")
        XCTAssertEqual(inputError { _ = try Image.decode([0xFF, 0xD8, 0xFF, 0xD9]) }, "JPEG: JPEG datastream contains no image")
        XCTAssertEqual(
            inputError { _ = try Image.decode(sized(SmallJPEG.gray, height: 0xFFFF, width: 0xFFFF)) },
            "JPEG: Maximum supported image dimension is 65500 pixels")
        XCTAssertEqual(
            inputError { _ = try Image.decode(sized(SmallJPEG.gray, height: 20_000, width: 20_000)) },
            "JPEG: the file is too short for the size in its header")
    }

    /// What touches the coded picture is an error; leniently it is decoded, to the same pixels on every processor.
    func testDamage() throws {
        let damaged = SmallJPEG.damaged
        XCTAssertEqual(inputError { _ = try Image.decode(damaged.bytes) }, "JPEG: Corrupt JPEG data: bad Huffman code")
        XCTAssertEqual(try lenient(damaged.bytes).checksum, damaged.pixelChecksum)
        let bytes = SmallJPEG.baseline.bytes
        XCTAssertEqual(inputError { _ = try Image.decode(Array(bytes.dropLast(2))) }, "JPEG: the file ends early")
        XCTAssertEqual(try lenient(Array(bytes.dropLast(2))).checksum, SmallJPEG.baseline.pixelChecksum)
        let scan = bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }!
        let short = Array(bytes[..<(scan + 20)]) + [0xFF, 0xD9]
        XCTAssertEqual(inputError { _ = try Image.decode(short) }, "JPEG: Corrupt JPEG data: premature end of data segment")
        XCTAssertEqual(try lenient(short).height, 16)
    }

    /// Cameras write such files.
    func testHarmlessOddities() throws {
        let jpeg = SmallJPEG.baseline
        var version = jpeg.bytes
        XCTAssertEqual(Array(version[6..<11]), Array("JFIF\0".utf8))
        version[11] = 9
        var junk = jpeg.bytes
        let tables = junk.indices.dropLast().first { junk[$0] == 0xFF && junk[$0 + 1] == 0xC4 }!
        junk.insert(contentsOf: [1, 2, 3], at: tables)
        let tail = jpeg.bytes + [0, 1, 2, 0xFF, 0xD8, 0xFF]
        for file in [version, junk, tail] { XCTAssertEqual(try Image.decode(file).checksum, jpeg.pixelChecksum) }
    }

    /// Nothing is damaged here, but dequantized coefficients are far out of range: SIMD lanes overflow where scalar code does not. The
    /// checksum is that of libjpeg's definition in integers that hold everything.
    func testExtremeCoefficients() throws {
        var bytes = SmallJPEG.baseline.bytes
        for start in bytes.indices.dropLast(70) where bytes[start] == 0xFF && bytes[start + 1] == 0xDB {
            for index in 0..<64 { bytes[start + 5 + index] = 255 }
        }
        XCTAssertEqual(try Image.decode(bytes).checksum, 0x503B_B4A6_58BD_6C70)
    }

    /// A progressive picture's coefficients are kept until its last scan.
    func testMemoryCeiling() {
        let file = sized(SmallJPEG.progressive, height: 20_000, width: 20_000) + [UInt8](repeating: 0, count: 400_000)
        XCTAssertEqual(
            inputError { _ = try Image.decode(file) }, "JPEG: 20000 x 20000 pixels take 2290 MiB to decode, more than the limit of 512 MiB")
    }

    private func lenient(_ bytes: [UInt8]) throws -> Image {
        try bytes.withUnsafeBytes { try Image.decode($0, lenient: true) }
    }

    /// A file of a few kilobytes must not keep the decoder busy for minutes. Strictly, the first scan that repeats another is an error
    /// already.
    func testEndlessScans() {
        let bytes = SmallJPEG.progressive.bytes
        let starts = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
        let lastScan = bytes[starts.last!..<(bytes.count - 2)]
        var file = Array(bytes.dropLast(2))
        for _ in 0..<100 { file += lastScan }
        file += [0xFF, 0xD9]
        XCTAssertEqual(inputError { _ = try lenient(file) }, "JPEG: too many scans")
    }

    /// The frame header of `jpeg` changed to another size.
    private func sized(_ jpeg: SmallJPEG, height: Int, width: Int) -> [UInt8] {
        var bytes = jpeg.bytes
        let frame = bytes.indices.first { bytes[$0] == 0xFF && (bytes[$0 + 1] == 0xC0 || bytes[$0 + 1] == 0xC2) }!
        for (index, value) in [height >> 8, height & 255, width >> 8, width & 255].enumerated() { bytes[frame + 5 + index] = UInt8(value) }
        return bytes
    }
}
