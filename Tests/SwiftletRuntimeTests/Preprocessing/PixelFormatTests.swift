import XCTest

@testable import SwiftletRuntime

/// Raw pixels of every format as a picture: [height][width][3], red first.
final class PixelFormatTests: XCTestCase {
    private func convert(_ pixels: [UInt8], _ height: Int, _ width: Int, stride: Int, _ format: PixelFormat) throws -> [UInt8] {
        try pixels.withUnsafeBufferPointer {
            try Image.converting($0.baseAddress!, height: height, width: width, stride: stride, format: format).bytes
        }
    }

    /// Two rows of two pixels with one byte of padding, which is 99.
    func testChannelOrders() throws {
        let expected: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        XCTAssertEqual(try convert([1, 2, 3, 4, 5, 6, 99, 7, 8, 9, 10, 11, 12], 2, 2, stride: 7, .rgb), expected)
        XCTAssertEqual(try convert([3, 2, 1, 6, 5, 4, 99, 9, 8, 7, 12, 11, 10], 2, 2, stride: 7, .bgr), expected)
        XCTAssertEqual(try convert([1, 2, 3, 0, 4, 5, 6, 0, 99, 7, 8, 9, 0, 10, 11, 12, 0], 2, 2, stride: 9, .rgba), expected)
        XCTAssertEqual(try convert([3, 2, 1, 0, 6, 5, 4, 0, 99, 9, 8, 7, 0, 12, 11, 10, 0], 2, 2, stride: 9, .bgra), expected)
        XCTAssertEqual(try convert([1, 2, 99, 3, 4], 2, 2, stride: 3, .gray), [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    }

    /// The colors of ITU-R BT.601's bars, worked by hand from the formula in `swiftlet.h`. For red (81, 90, 240):
    ///
    ///     y = 1220542 * (81 - 16) + 524288 = 79859518
    ///     R = (y + 1673527 * 112)              = 267294542 -> 254
    ///     G = (y -  852492 * 112 + 409993 * 38) =    -39852 -> -1, clamped to 0
    ///     B = (y - 2116026 * 38)               =   -549470 -> -1, clamped to 0
    private let bars: [(y: UInt8, u: UInt8, v: UInt8, rgb: [UInt8])] = [
        (16, 128, 128, [0, 0, 0]), (235, 128, 128, [255, 255, 255]), (126, 128, 128, [128, 128, 128]),
        (81, 90, 240, [254, 0, 0]), (145, 54, 34, [0, 255, 1]), (41, 240, 110, [0, 0, 255]),
        (0, 128, 128, [0, 0, 0]), (255, 128, 128, [255, 255, 255]),  // beyond the limited range
    ]

    func testColorDifferences() throws {
        for bar in bars {
            let (y, u, v) = (bar.y, bar.u, bar.v)
            let four = bar.rgb + bar.rgb + bar.rgb + bar.rgb
            XCTAssertEqual(try convert([y, y, y, y, u, v], 2, 2, stride: 2, .nv12), four, "\(bar)")
            XCTAssertEqual(try convert([y, y, y, y, u, v], 2, 2, stride: 2, .i420), four, "\(bar)")
            XCTAssertEqual(try convert([y, u, y, v, y, u, y, v], 2, 2, stride: 4, .yuyv), four, "\(bar)")
        }
    }

    /// Four pixels by four, each two by two of another color, the rows padded.
    func testPlanesWithPadding() throws {
        let (black, red, green, blue) = (bars[0], bars[3], bars[4], bars[5])
        let rows = [black.rgb + black.rgb + red.rgb + red.rgb, green.rgb + green.rgb + blue.rgb + blue.rgb]
        let expected = rows[0] + rows[0] + rows[1] + rows[1]
        let (upper, lower): ([UInt8], [UInt8]) = ([16, 16, 81, 81, 99, 99], [145, 145, 41, 41, 99, 99])
        let luma = upper + upper + lower + lower
        let nv12 = luma + [128, 128, 90, 240, 99, 99, 54, 34, 240, 110]
        XCTAssertEqual(try convert(nv12, 4, 4, stride: 6, .nv12), expected)
        let i420 = luma + [128, 90, 99, 54, 240, 99] + [128, 240, 99, 34, 110]
        XCTAssertEqual(try convert(i420, 4, 4, stride: 6, .i420), expected)
        let pairs: [UInt8] = [16, 128, 16, 128, 81, 90, 81, 240, 99]
        let morePairs: [UInt8] = [145, 54, 145, 34, 41, 240, 41, 110, 99]
        XCTAssertEqual(try convert(pairs + pairs + morePairs + morePairs, 4, 4, stride: 9, .yuyv), expected)
    }

    func testWrongSizes() {
        let cases: [(PixelFormat, height: Int, width: Int, stride: Int, String)] = [
            (.rgb, 0, 4, 12, "4x0"), (.rgb, 4, -1, 12, "-1x4"), (.rgb, 4, 4, 11, "stride is 11, less than the 12"),
            (.bgra, 4, 4, 15, "less than the 16"), (.gray, 4, 4, -4, "stride is -4"), (.yuyv, 4, 4, 7, "less than the 8"),
            (.nv12, 4, 5, 8, "width is 5"), (.nv12, 5, 4, 8, "height is 5"), (.i420, 4, 5, 8, "width"), (.i420, 5, 4, 8, "height"),
            (.i420, 4, 4, 5, "stride is 5, not even"), (.yuyv, 4, 5, 12, "width"), (.rgb, 2, 2, Int.max, "do not fit into memory"),
        ]
        for (format, height, width, stride, text) in cases {
            do {
                _ = try convert([0], height, width, stride: stride, format)
                XCTFail("\(format) \(height) \(width) \(stride)")
            } catch {
                XCTAssertEqual((error as? SwiftletError)?.kind, .badInput)
                XCTAssertTrue("\(error)".contains(text), "\(error)")
            }
        }
    }
}
