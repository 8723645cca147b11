import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// What a file says about its input and about where it is from.
final class ONNXInputTests: XCTestCase {
    private func graph(_ change: (inout ONNXModelBuilder) -> Void) throws -> Graph {
        var builder = ONNXModelBuilder(opset: 13, input: [nil, 2])
        change(&builder)
        let cast = builder.node("Cast", ["x"], ["to": .int(1)])
        let output = builder.node("Relu", [cast])
        return try builder.graph(output: output)
    }

    func testIntegersArePixels() throws {
        for (element, isInteger) in [(1, false), (2, true), (3, false), (6, true), (7, true), (10, false), (11, false)] {
            let graph = try graph { $0.model.graph.input[0].type.tensorType.elemType = Int32(element) }
            XCTAssertEqual(graph.inputScaling.takesIntegers, isInteger, "element type \(element)")
            XCTAssertEqual(try graph.network().inputScaling.expectation, isInteger ? .pixels : .unknown)
        }
    }

    func testProducer() throws {
        XCTAssertEqual(try graph { _ in }.producer, "")
        XCTAssertEqual(try graph { $0.model.producerName = "tf2onnx" }.producer, "tf2onnx")
    }

    /// StringStringEntryProto { key 1, value 2 } in ModelProto's field 14, before and after others.
    func testAuthor() throws {
        func entry(_ key: String, _ value: String) -> [UInt8] {
            let content = [0x0A, UInt8(key.utf8.count)] + Array(key.utf8) + [0x12, UInt8(value.utf8.count)] + Array(value.utf8)
            return [0x72, UInt8(content.count)] + content
        }
        let start: [UInt8] = [0x08, 8, 0x3A, 2, 0x12, 0]
        XCTAssertEqual(ONNXMetadata.author(of: start + entry("task", "classify") + entry("author", "Ultralytics")), "Ultralytics")
        XCTAssertNil(ONNXMetadata.author(of: start + entry("task", "author")))
        XCTAssertNil(ONNXMetadata.author(of: start + entry("author", "Ultralytics").dropLast()))
        XCTAssertNil(ONNXMetadata.author(of: []))
    }
}
