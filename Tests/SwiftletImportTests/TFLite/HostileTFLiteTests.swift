import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Files that are damaged, or were made to do harm: each ends in an error of one line.
final class HostileTFLiteTests: XCTestCase {
    /// Returns whether the file was refused.
    @discardableResult
    private func read(_ bytes: [UInt8], _ what: @autoclosure () -> String, line: UInt = #line) -> Bool {
        _ = TFLiteMetadata(FileBytes(bytes))
        do {
            _ = try TFLiteImporter.load(bytes: bytes, file: "f").graph.network()
            return false
        } catch {
            XCTAssertFalse("\(error)".contains("\n"), what(), line: line)
            return true
        }
    }

    func testTruncation() throws {
        for model in FuzzModels.tflite {
            XCTAssertFalse(read(model, "whole"))
            for count in 0..<model.count {
                XCTAssertTrue(read(Array(model[..<count]), "\(count) bytes"), "\(count) of \(model.count) bytes")
            }
        }
    }

    /// Every offset, count and number of the file, one after another, with one of the values at which arithmetic goes wrong.
    func testEveryWord() throws {
        let words: [UInt32] = [0, 1, 4, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF_FFFC, 0x4000_0000]
        var refused = 0
        for model in FuzzModels.tflite {
            for place in stride(from: 0, to: model.count - 4, by: 4) {
                var bytes = model
                bytes.replaceSubrange(place..<place + 4, with: FlatBufferWriter.little(words[place / 4 % words.count]))
                if read(bytes, "word \(place / 4)") { refused += 1 }
            }
        }
        XCTAssertGreaterThan(refused, 500)
    }

    func testTensorsThatShareABuffer() {
        var writer = TFLiteModelWriter(input: [1, 1024, 1024, 1])
        let buffer = writer.buffer([UInt8](repeating: 0, count: 4 << 20))
        var sum = TFLiteModelWriter.input
        for _ in 0..<4 {
            sum = writer.node(.add, [sum, writer.tensor([1, 1024, 1024, 1], buffer: buffer)], [1, 1024, 1024, 1])
        }
        XCTAssertFalse(isRefused(writer.bytes(sum)))
        for _ in 0..<8 {
            sum = writer.node(.add, [sum, writer.tensor([1, 1024, 1024, 1], buffer: buffer)], [1, 1024, 1024, 1])
        }
        XCTAssertTrue(isRefused(writer.bytes(sum)))
    }

    /// Whether the file is refused for how much its constants are together.
    private func isRefused(_ model: [UInt8]) -> Bool {
        do {
            _ = try TFLiteImporter.load(bytes: model, file: "f")
            return false
        } catch {
            return error.reason.contains("more numbers than the file has room for")
        }
    }

    func testCountsWithoutBytes() {
        var writer = TFLiteModelWriter(input: [1, 4, 4, 3])
        for shape in [[65536, 65536], [-1], [2_000_000_000], [0], [Int](repeating: 1, count: 80)] {
            let constant = writer.constant([1], shape)
            XCTAssertTrue(read(writer.bytes(writer.node(.add, [TFLiteModelWriter.input, constant], [1])), "\(shape)"), "\(shape)")
        }
        let scales = writer.constant([1, 2], [2], .int8, TFLiteModelWriter.Grid([1, 1, 1], [0, 0, 0]))
        XCTAssertTrue(read(writer.bytes(writer.node(.add, [TFLiteModelWriter.input, scales], [1])), "scales"))
    }
}
