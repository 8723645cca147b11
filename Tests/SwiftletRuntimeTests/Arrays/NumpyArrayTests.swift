import XCTest

@testable import SwiftletRuntime

final class NumpyArrayTests: XCTestCase {
    /// Version 1, 2 or 3, with the header as given.
    private func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
        let length = header.utf8.count
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 255), UInt8(length >> 8)]
        if version > 1 { bytes += [0, 0] }
        return bytes + Array(header.utf8) + data
    }

    private func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
        "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    }

    private func littleEndian<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
    }

    func testTypes() throws {
        let cases: [(type: String, data: [UInt8], values: [Float])] = [
            ("<f4", littleEndian([Float(1.5).bitPattern, (-0.25 as Float).bitPattern]), [1.5, -0.25]),
            ("<f8", littleEndian([(0.1 as Double).bitPattern, (-1e300 as Double).bitPattern]), [0.1, -.infinity]),
            // 1, -2, the smallest subnormal, the largest number, minus infinity
            ("<f2", littleEndian([0x3C00, 0xC000, 0x0001, 0x7BFF, 0xFC00] as [UInt16]), [1, -2, 0x1p-24, 65504, -.infinity]),
            ("|u1", [0, 200], [0, 200]),
            ("|b1", [0, 1], [0, 1]),
            ("|i1", [0x80, 5], [-128, 5]),
            ("<i2", littleEndian([-300, 7] as [Int16]), [-300, 7]),
            ("<u2", littleEndian([60_000] as [UInt16]), [60_000]),
            ("<i4", littleEndian([-70_000, 16_777_217] as [Int32]), [-70_000, 16_777_216]),
            ("<u4", littleEndian([4_000_000_000] as [UInt32]), [4_000_000_000]),
            ("<i8", littleEndian([-1 << 40, 3] as [Int64]), [-0x1p40, 3]),
            ("<u8", littleEndian([UInt64.max] as [UInt64]), [0x1p64]),
        ]
        for (type, data, values) in cases {
            let array = try NumpyArray(file: file(header(type, "(\(values.count),)"), data))
            XCTAssertEqual(array.shape, [values.count], type)
            XCTAssertEqual(array.values, values, type)
        }
        XCTAssert(try NumpyArray(file: file(header("<f2", "(1,)"), [0x01, 0x7E])).values[0].isNaN)
    }

    func testShapesAndVersions() throws {
        for version in UInt8(1)...3 {
            let array = try NumpyArray(file: file(header("|u1", "(2, 3)"), [0, 1, 2, 3, 4, 5], version: version))
            XCTAssertEqual(array.shape, [2, 3])
            XCTAssertEqual(array.values, [0, 1, 2, 3, 4, 5])
        }
        XCTAssertEqual(try NumpyArray(file: file(header("|u1", "()"), [9])), NumpyArray(shape: [], values: [9]))
        XCTAssertEqual(try NumpyArray(file: file(header("|u1", "(0, 7)"), [])), NumpyArray(shape: [0, 7], values: []))
        // Another order of entries, no last comma, and what comes after the array.
        let other = "{ 'shape':(2,) ,'fortran_order':False,'descr':'|u1'}"
        XCTAssertEqual(try NumpyArray(file: file(other, [1, 2, 99])), NumpyArray(shape: [2], values: [1, 2]))
    }

    func testFortranOrder() throws {
        // a[i][j][k] = 100 i + 10 j + k, first index fastest in the file
        var data: [UInt8] = []
        for k in 0..<4 { for j in 0..<3 { for i in 0..<2 { data.append(UInt8(100 * i + 10 * j + k)) } } }
        let array = try NumpyArray(file: file(header("|u1", "(2, 3, 4)", fortran: true), data))
        var expected: [Float] = []
        for i in 0..<2 { for j in 0..<3 { for k in 0..<4 { expected.append(Float(100 * i + 10 * j + k)) } } }
        XCTAssertEqual(array.values, expected)
    }

    /// The headers are numpy.save's (NumPy 2.4), with spaces counted.
    func testWriter() throws {
        let cases: [(shape: [Int], text: String, spaces: Int)] = [
            ([], "()", 62), ([3], "(3,)", 60), ([1, 10], "(1, 10)", 57), ([1, 3, 2, 2], "(1, 3, 2, 2)", 52), ([0, 3], "(0, 3)", 58),
        ]
        for (shape, text, spaces) in cases {
            let array = NumpyArray(shape: shape, values: (0..<shape.reduce(1, *)).map { Float($0) / 7 })
            let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(text), }" + String(repeating: " ", count: spaces) + "\n"
            let data = array.values.flatMap { littleEndian([$0.bitPattern]) }
            XCTAssert(array.npy() == file(header, data), text)
            XCTAssertEqual((10 + header.utf8.count) % 64, 0)
            XCTAssertEqual(try NumpyArray(file: array.npy()), array)
        }
    }

    func testErrors() {
        func message(_ bytes: [UInt8]) -> String { inputError { _ = try NumpyArray(file: bytes) } }
        XCTAssertEqual(message([]), "NPY: does not begin as one")
        XCTAssertEqual(message(Array("PK\u{3}\u{4}123456".utf8)), "NPY: does not begin as one")
        XCTAssertEqual(message(file(header("<f4", "(1,)"), [0, 0, 0, 0], version: 4)), "NPY: version 4, supported are 1 to 3")
        for type in [">f4", "<c8", "<U1", "|O", "<f3", "f4", ""] {
            XCTAssertEqual(message(file(header(type, "(1,)"), [0, 0, 0, 0])), "NPY: element type '\(type)' is not supported")
        }
        XCTAssertEqual(message(file(header("<f4", "(2,)"), [0, 0, 0, 0])), "NPY: the file is too short for its shape")
        XCTAssertEqual(message(file(header("<f4", "(4611686018427387904,)"), [])), "NPY: the file is too short for its shape")
        XCTAssertEqual(message(file(header("<f4", "(4294967296, 4294967296)"), [])), "NPY: the shape is out of bounds")
        for text in [
            "", "{", "{}", "{'descr': '<f4', }", header("<f4", "(1"), header("<f4", "(-1,)"), header("<f4", "(99999999999999999999,)"),
            "{'descr': '<f4', 'descr': '<f4', 'shape': (1,), }", "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }",
        ] {
            XCTAssertEqual(message(file(text, [0, 0, 0, 0])), "NPY: the header is damaged", text)
        }
    }
}
