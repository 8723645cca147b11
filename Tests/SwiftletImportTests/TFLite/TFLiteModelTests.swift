import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Models as a whole: what is refused and how, sizes, metadata.
final class TFLiteModelTests: XCTestCase {
    private let x = TFLiteModelWriter.input

    private func message(_ bytes: [UInt8], inputSize: (height: Int, width: Int)? = nil) -> String {
        do {
            _ = try TFLiteImporter.load(bytes: bytes, file: "m.tflite", inputSize: inputSize).graph.network()
            return "read"
        } catch {
            return "\(error)"
        }
    }

    func testUnsupportedOperatorsAreNamedTogether() {
        var writer = TFLiteModelWriter(input: [1, 4, 4, 3])
        let up = writer.node(.transposeConv, [writer.integers([1, 8, 8, 3]), writer.constant([1], [1, 1, 1, 1]), x], [1, 8, 8, 3])
        let mine = writer.node(.custom, [up], [1, 8, 8, 3])
        let text = message(writer.bytes(mine))
        XCTAssertEqual(
            text, "unsupported operators: TRANSPOSE_CONV (no such operator here): t3; CUSTOM Mine (an operator of its author's own): t4")
    }

    func testModelsThatAreRefused() {
        var writer = TFLiteModelWriter(input: [1, 4, 4, 3])
        let relu = writer.node(.relu, [x], [1, 4, 4, 3])
        XCTAssertEqual(message(writer.bytes(relu)), "read")
        var old = writer
        old.version = 2
        XCTAssertEqual(message(old.bytes(relu)), "m.tflite: unsupported: version 2 of the schema; 3 can be read")
        var two = writer
        two.inputs = [x, relu]
        XCTAssertEqual(message(two.bytes(relu)), "m.tflite: unsupported: it has 2 inputs instead of one")
        let missing = writer.tensor([1])
        XCTAssertEqual(message(writer.bytes(missing)), "m.tflite: not a valid TensorFlow Lite model: nothing computes its output 't2'")
        let sum = writer.node(.add, [x, missing], [1, 4, 4, 3])
        XCTAssertEqual(
            message(writer.bytes(sum)),
            "m.tflite: not a valid TensorFlow Lite model: ADD 't3': it reads 't2', which nothing before it computes")
        var twice = writer
        twice.add(.relu6, [x], [relu])
        XCTAssertTrue(message(twice.bytes(relu)).contains("computed twice"))
        XCTAssertTrue(message(writer.bytes(99)).contains("it names tensor 99 of 4"))
    }

    func testOpenSizes() throws {
        var writer = TFLiteModelWriter(input: [1, 1, 1, 3], signature: [-1, -1, -1, 3])
        let relu = writer.tensor([1, 1, 1, 3], signature: [-1, -1, -1, 3])
        writer.add(.relu, [x], [relu])
        XCTAssertEqual(
            message(writer.bytes(relu)), "m.tflite: the input [?, 3, ?, ?] leaves its size open: give it with --resize HxW")
        let network = try writer.network(relu, inputSize: (2, 5))
        XCTAssertEqual(network.tensors[network.input].width, 5)
        var fixed = TFLiteModelWriter(input: [1, 4, 6, 3])
        XCTAssertEqual(
            message(fixed.bytes(fixed.node(.relu, [x], [1, 4, 6, 3])), inputSize: (5, 5)),
            "m.tflite: unsupported: its input is fixed at 4x6")
    }

    // MARK: Metadata

    private func withMetadata(labels: String, kind: Int = 2) -> [UInt8] {
        var writer = TFLiteModelWriter(input: [1, 4])
        let normalization: FlatBufferWriter.Table = [0: FlatBufferWriter.floats([127.5]), 1: FlatBufferWriter.floats([127, 128, 129])]
        let file: FlatBufferWriter.Table = [0: FlatBufferWriter.text(labels), 2: .int8(kind)]
        let graph: FlatBufferWriter.Table = [
            2: .tables([[4: .tables([[0: .int8(3)], [0: .int8(1), 1: .table(normalization)]])]]), 3: .tables([[6: .tables([file])]]),
        ]
        let metadata = FlatBufferWriter.file([0: FlatBufferWriter.text("name"), 3: .tables([graph])], identifier: "M001")
        writer.metadata = [
            [0: FlatBufferWriter.text("min_runtime_version"), 1: .int32(0)],
            [0: FlatBufferWriter.text("TFLITE_METADATA"), 1: .int32(writer.buffer(metadata))],
        ]
        return writer.bytes(writer.node(.relu, [x], [1, 4]))
    }

    /// An archive at the end of the file, its places counted from the file's start.
    private func appending(_ entries: [(name: String, bytes: [UInt8])], to model: [UInt8]) -> [UInt8] {
        ZipWriter.archive(entries, method: 0, checksums: true, zip64: false, after: model)
    }

    private func conventions(_ bytes: [UInt8]) -> ModelConventions? {
        try? TFLiteImporter.conventions(of: SourceFile(path: "m.tflite", bytes: bytes))
    }

    func testLabelsAndNormalization() throws {
        let files: [(String, [UInt8])] = [("a_labels.txt", Array("no\n".utf8)), ("classes.txt", Array("cat\ndog\r\nowl\n".utf8))]
        let found = try XCTUnwrap(conventions(appending(files, to: withMetadata(labels: "classes.txt"))))
        XCTAssertEqual(found.labels, ["cat", "dog", "owl"])
        XCTAssertEqual(found.preprocessing.mean, [127.5, 127.5, 127.5])
        XCTAssertEqual(found.preprocessing.std, [127, 128, 129])
        XCTAssertEqual(found.notUnderstood, [])
        XCTAssertEqual(found.source, "m.tflite")
        XCTAssertEqual(message(appending(files, to: withMetadata(labels: "classes.txt"))), "read")
        // A file that the metadata say nothing of is known by its name.
        XCTAssertEqual(conventions(appending(files, to: withMetadata(labels: "x", kind: 1)))?.labels, ["no"])
        XCTAssertEqual(
            conventions(appending(files, to: withMetadata(labels: "lost.txt")))?.notUnderstood,
            ["the labels in lost.txt, which are not in the file"])
        XCTAssertEqual(conventions(withMetadata(labels: "classes.txt"))?.labels, [])
    }

    func testInputInIntegersSaysWhatPixelsStandFor() {
        // Steps, zero points of bytes without and with a sign; a range of pictures that is not all of what pixels can be.
        let grids: [(Float, unsigned: Int, mean: Float, std: Float)] = [
            (0.0078125, 128, 127.5, 127.5), (1.0 / 255, 0, 0, 255), (1, 0, 0, 1), (1.08, 10, 0, 1),
        ]
        for (step, zero, mean, std) in grids {
            for (element, offset) in [(TFLiteModelWriter.Element.uint8, 0), (.int8, 128)] {
                var writer = TFLiteModelWriter(input: [1, 4], element, TFLiteModelWriter.Grid([step], [zero - offset]))
                let found = conventions(writer.bytes(writer.node(.relu, [x], [1, 4])))
                XCTAssertEqual(found?.preprocessing.mean, [mean, mean, mean])
                XCTAssertEqual(found?.preprocessing.std, [std, std, std])
            }
        }
        var other = TFLiteModelWriter(input: [1, 4], .uint8, TFLiteModelWriter.Grid([0.02], [100]))
        XCTAssertNil(conventions(other.bytes(other.node(.relu, [x], [1, 4]))))
        var gray = TFLiteModelWriter(input: [1, 2, 2, 1], .uint8, TFLiteModelWriter.Grid([1.0 / 255], [0]))
        XCTAssertEqual(conventions(gray.bytes(gray.node(.relu, [x], [1, 2, 2, 1])))?.preprocessing.std, [255])
        var writer = TFLiteModelWriter(input: [1, 4])
        XCTAssertNil(conventions(writer.bytes(writer.node(.relu, [x], [1, 4]))))
    }
}
