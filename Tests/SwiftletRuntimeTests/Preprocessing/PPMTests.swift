import XCTest

@testable import SwiftletRuntime

final class PPMTests: XCTestCase {
    func testColor() throws {
        let image = try Image.decode(Array("P6 2 1\n255\n".utf8) + [1, 2, 3, 253, 254, 255])
        XCTAssertEqual(image.height, 1)
        XCTAssertEqual(image.width, 2)
        XCTAssertEqual(image.bytes, [1, 2, 3, 253, 254, 255])
    }

    func testGrayAndComments() throws {
        let image = try Image.decode(Array("P5#one\n# two\n1 #width\r\n\t2\n#\n255 ".utf8) + [7, 9])
        XCTAssertEqual(image.height, 2)
        XCTAssertEqual(image.bytes, [7, 7, 7, 9, 9, 9])
    }

    /// 255 * 1 / 2 and 255 * 3 / 10 are halves: to even.
    func testFewerLevels() throws {
        XCTAssertEqual(try Image.decode(Array("P5 3 1 2\n".utf8) + [0, 1, 2]).bytes, [0, 0, 0, 128, 128, 128, 255, 255, 255])
        XCTAssertEqual(try Image.decode(Array("P5 3 1 10\n".utf8) + [1, 3, 11]).bytes, [26, 26, 26, 76, 76, 76, 255, 255, 255])
    }

    func testErrors() {
        let damaged = "PPM: the header is damaged or truncated"
        let texts = [
            "P6", "P6 ", "P6 2", "P6 2 2 255", "P6 x 2 255 ", "P6 2 -2 255 ", "P62 2 255 ", "P6 2 2 255x", "P6 1234567890 1 255 ",
            "P6 # 1 1 255 ",
        ]
        for text in texts {
            XCTAssertEqual(inputError { _ = try Image.decode(Array(text.utf8)) }, damaged, text)
        }
        XCTAssertEqual(inputError { _ = try Image.decode(Array("P6 0 2 255 ".utf8)) }, "PPM: size 0x2 is out of bounds")
        XCTAssertEqual(inputError { _ = try Image.decode(Array("P6 65500 65500 255 ".utf8)) }, "PPM: size 65500x65500 is out of bounds")
        XCTAssertEqual(inputError { _ = try Image.decode(Array("P6 2 2 65535 ".utf8)) }, "PPM: maximum 65535, supported are 1 to 255")
        XCTAssertEqual(inputError { _ = try Image.decode(Array("P6 2 1 255 12345".utf8)) }, "PPM: the file is too short for 2x1 pixels")
    }
}
