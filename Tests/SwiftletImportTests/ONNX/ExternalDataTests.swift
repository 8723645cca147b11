import Foundation
import SwiftletGraph
import XCTest

@testable import SwiftletImport

/// Weights in files beside the model.
final class ExternalDataTests: XCTestCase {
    private var folder = URL(fileURLWithPath: "")

    override func setUpWithError() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).appendingPathComponent("model")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    override func tearDown() {
        try? FileManager.default.removeItem(at: folder.deletingLastPathComponent())
    }

    /// Writes a model that multiplies its input by a factor a channel, [2], kept as the entries say.
    private func model(_ entries: [String: String], tensors: Int = 1) throws -> String {
        var builder = ONNXModelBuilder(opset: 13, input: [nil, 2])
        var output = "x"
        for _ in 0..<tensors {
            let factor = builder.initializer(
                .with { tensor in
                    (tensor.dataType, tensor.dims, tensor.dataLocation) = (1, [2], 1)
                    tensor.externalData = entries.sorted { $0.key < $1.key }.map { entry in
                        .with { ($0.key, $0.value) = (entry.key, entry.value) }
                    }
                })
            output = builder.node("Mul", [output, factor])
        }
        let path = folder.appendingPathComponent("model.onnx").path
        try builder.data(output: output).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func write(_ values: [Float], to name: String) throws {
        try values.withUnsafeBytes { Data($0) }.write(to: folder.appendingPathComponent(name))
    }

    private func load(_ path: String) throws -> Graph {
        let file = SourceFile(path: path, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        guard case .graph(let graph) = try ONNXImporter.read(file, inputSize: nil) else { throw CheckpointError("no graph") }
        return graph
    }

    private func assertRefused(_ reason: String, _ entries: [String: String], tensors: Int = 1, line: UInt = #line) throws {
        let path = try model(entries, tensors: tensors)
        XCTAssertThrowsError(try load(path), line: line) { error in
            XCTAssertTrue("\(error)".contains(reason), "\(error)", line: line)
            XCTAssertTrue("\(error)".contains("model.onnx"), line: line)
            XCTAssertFalse("\(error)".contains("\n"), line: line)
        }
    }

    func testDataBesideTheModel() throws {
        try write([9, 2, 3], to: "model.onnx.data")
        for entries in [
            ["location": "model.onnx.data", "offset": "4", "length": "8"], ["location": "model.onnx.data", "offset": "4"],
            ["location": "./model.onnx.data", "offset": "4"],
        ] {
            let network = try load(model(entries)).network()
            guard case .convolution(let convolution) = network.layers[0].operation else { return XCTFail() }
            XCTAssertEqual(convolution.weights, [2, 3])
        }
        XCTAssertEqual(try load(model(["location": "model.onnx.data", "offset": "4"])).dataFiles, [folder.path + "/model.onnx.data"])
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("weights"), withIntermediateDirectories: true)
        try write([2, 3], to: "weights/0")
        XCTAssertNoThrow(try load(model(["location": "weights/0"])))
    }

    func testWhatLiesOutsideIsRefused() throws {
        let outside = folder.deletingLastPathComponent().appendingPathComponent("outside")
        try Data(count: 8).write(to: outside)
        try FileManager.default.createSymbolicLink(at: folder.appendingPathComponent("link"), withDestinationURL: outside)
        try FileManager.default.createSymbolicLink(
            at: folder.appendingPathComponent("up"), withDestinationURL: folder.deletingLastPathComponent())
        for location in ["../outside", outside.path, "a/../../outside", "", "..", "/etc/passwd"] {
            try assertRefused("not a file in the model's folder", ["location": location])
        }
        for location in ["link", "up/outside"] { try assertRefused("leads out of the model's folder", ["location": location]) }
        try assertRefused("is missing: it has to lie beside the model", ["location": "nowhere"])
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("inner"), withIntermediateDirectories: true)
        try assertRefused("no regular file", ["location": "inner"])
        try assertRefused("no location", [:])
    }

    func testWhatDoesNotFitIsRefused() throws {
        try write([9, 2, 3], to: "data")
        for (offset, length) in [("8", "8"), ("0", "16"), ("13", "0"), ("9223372036854775807", "8")] {
            try assertRefused("'data' has 12 bytes", ["location": "data", "offset": offset, "length": length])
        }
        for (key, value) in [("offset", "-1"), ("length", "x"), ("offset", "99999999999999999999")] {
            try assertRefused("the \(key) '\(value)'", ["location": "data", key: value])
        }
        try assertRefused("has the shape [2] but 12 bytes", ["location": "data"])
        try assertRefused("has the shape [2] but 4 bytes", ["location": "data", "length": "4"])
    }

    /// A file of a megabyte is not read a thousand times.
    func testDataThatAreReadAgainAndAgain() throws {
        try Data(count: 8).write(to: folder.appendingPathComponent("small"))
        XCTAssertNoThrow(try load(model(["location": "small"], tensors: 100)))
        let files = ONNXExternalData(folder: folder.path)
        try Data(count: 1 << 20).write(to: folder.appendingPathComponent("large"))
        let tensor = ONNX_TensorProto.with { $0.externalData = [.with { ($0.key, $0.value) = ("location", "large") }] }
        for _ in 0..<3 { XCTAssertEqual(try files.bytes(of: tensor, expected: 1 << 20).count, 1 << 20) }
        XCTAssertThrowsError(try files.bytes(of: tensor, expected: 1 << 20))
    }

    /// A model that comes without its folder cannot have such data.
    func testModelsInMemory() throws {
        try write([2, 3], to: "data")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: model(["location": "data"])))
        XCTAssertThrowsError(try ONNXImporter.load(bytes: [UInt8](bytes), file: "m.onnx")) {
            XCTAssertTrue("\($0)".contains("without its folder"), "\($0)")
        }
        XCTAssertNoThrow(try ONNXImporter.load(bytes: [UInt8](bytes), file: "m.onnx", folder: folder.path))
    }
}
