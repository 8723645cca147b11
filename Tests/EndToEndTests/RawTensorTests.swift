import XCTest

/// `swiftlet run` over .npy files.
final class RawTensorTests: XCTestCase {
    func testBatchOfTensors() throws {
        let models = try TestModels.made()
        let size = 3 * 224 * 224
        let picture = (0..<size).map { Float(($0 * 7919) % 512) / 128 - 2 }
        let other = picture.map { -$0 }
        let (input, output) = (models.scratch.path("x.npy"), models.scratch.path("y.npy"))
        try NumpyFile.bytes([3, 3, 224, 224], picture + other + picture).write(to: URL(fileURLWithPath: input))
        for model in [models.int8, models.float] {
            let run = try swiftlet("run", model, "--input", input, "--output", output, "--threads", "2")
            XCTAssertEqual(run.status, 0, run.errors)
            let result = try NumpyFile.values(output)
            XCTAssertTrue(result.header.contains("(3, 1000)"), result.header)
            XCTAssertEqual(result.values.count, 3000)
            XCTAssertEqual(Array(result.values[..<1000]), Array(result.values[2000...]))
            XCTAssertNotEqual(Array(result.values[..<1000]), Array(result.values[1000..<2000]))
            XCTAssertTrue(result.values.allSatisfy(\.isFinite))
        }
    }

    func testWrongInputs() throws {
        let models = try TestModels.made()
        let (input, output) = (models.scratch.path("wrong.npy"), models.scratch.path("none.npy"))
        try NumpyFile.bytes([1, 3, 2, 2], [Float](repeating: 0, count: 12)).write(to: URL(fileURLWithPath: input))
        assertStops(try swiftlet("run", models.int8, "--input", input, "--output", output), 3, "[N,3,224,224]")
        try Data("text".utf8).write(to: URL(fileURLWithPath: input))
        assertStops(try swiftlet("run", models.int8, "--input", input, "--output", output), 3, "wrong.npy")
        XCTAssertFalse(FileManager.default.fileExists(atPath: output))
    }

    /// An output that cannot be written is a failure, not bad input.
    func testUnwritableOutput() throws {
        let models = try TestModels.made()
        let input = models.scratch.path("one.npy")
        try NumpyFile.bytes([1, 3, 224, 224], [Float](repeating: 0.5, count: 3 * 224 * 224)).write(to: URL(fileURLWithPath: input))
        assertStops(try swiftlet("run", models.int8, "--input", input, "--output", models.scratch.path("no/such/y.npy")), 1, "cannot write")
    }
}
