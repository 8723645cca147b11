import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

final class ONNXTensorTests: XCTestCase {
    private func tensor(_ type: Int32, _ dims: [Int64] = [2], _ fill: (inout ONNX_TensorProto) -> Void) -> ONNX_TensorProto {
        .with { tensor in
            tensor.name = "t"
            tensor.dataType = type
            tensor.dims = dims
            fill(&tensor)
        }
    }

    private func bytes<T>(_ values: [T]) -> Data { values.withUnsafeBytes { Data($0) } }

    func testFloatingPointTypes() throws {
        let expected = Constant([1.5, -2])
        XCTAssertEqual(try tensor(1) { $0.floatData = [1.5, -2] }.constant(), expected)
        XCTAssertEqual(try tensor(1) { $0.rawData = bytes([Float(1.5), -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(11) { $0.doubleData = [1.5, -2] }.constant(), expected)
        XCTAssertEqual(try tensor(11) { $0.rawData = bytes([1.5, -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(10) { $0.rawData = bytes([UInt16(0x3E00), 0xC000]) }.constant(), expected)
        XCTAssertEqual(try tensor(10) { $0.int32Data = [0x3E00, 0xC000] }.constant(), expected)
        XCTAssertEqual(try tensor(16) { $0.rawData = bytes([UInt16(0x3FC0), 0xC000]) }.constant(), expected)
    }

    func testIntegerTypes() throws {
        let expected = Constant(integers: [1, -2])
        XCTAssertEqual(try tensor(7) { $0.int64Data = [1, -2] }.constant(), expected)
        XCTAssertEqual(try tensor(7) { $0.rawData = bytes([Int64(1), -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(6) { $0.rawData = bytes([Int32(1), -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(6) { $0.int32Data = [1, -2] }.constant(), expected)
        XCTAssertEqual(try tensor(5) { $0.rawData = bytes([Int16(1), -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(3) { $0.rawData = bytes([Int8(1), -2]) }.constant(), expected)
        XCTAssertEqual(try tensor(2) { $0.rawData = bytes([UInt8(1), 254]) }.constant(), Constant(integers: [1, 254]))
        XCTAssertEqual(try tensor(9) { $0.rawData = bytes([UInt8(7), 0]) }.constant(), Constant(integers: [1, 0]))
        XCTAssertEqual(try tensor(12) { $0.rawData = bytes([UInt32(1), .max]) }.constant(), Constant(integers: [1, 4_294_967_295]))
        XCTAssertEqual(try tensor(7, []) { $0.int64Data = [3] }.constant(), Constant(shape: [], elements: .integers([3])))
        XCTAssertEqual(try tensor(7, [0]) { _ in }.constant(), Constant(integers: []))
    }

    private func problem(_ tensor: ONNX_TensorProto, line: UInt = #line) -> ONNXProblem? {
        do throws(ONNXProblem) {
            _ = try tensor.constant()
            XCTFail("no error", line: line)
            return nil
        } catch {
            return error
        }
    }

    func testCountsThatDoNotMatch() {
        let damaged = [
            tensor(1) { $0.floatData = [1] }, tensor(1) { $0.rawData = Data(count: 7) }, tensor(1) { $0.rawData = Data(count: 12) },
            tensor(1, [-2]) { $0.floatData = [1, 2] }, tensor(1, [1 << 30, 1 << 30, 1 << 30]) { $0.floatData = [1] },
            tensor(13) { $0.uint64Data = [1, .max] },
        ]
        for tensor in damaged {
            guard case .malformed? = problem(tensor) else { return XCTFail("\(tensor)") }
        }
    }

    func testDataInAnotherFileAndForeignTypes() {
        let external = tensor(1) { tensor in
            tensor.dataLocation = 1
            tensor.externalData = [.with { ($0.key, $0.value) = ("location", "weights") }]
        }
        for tensor in [external, tensor(8) { _ in }, tensor(17) { _ in }] {
            guard case .unsupported? = problem(tensor) else { return XCTFail("\(tensor)") }
        }
    }
}
