import XCTest

/// `quantize export`: what it says and writes. Tests/Differential runs what it writes beside ONNX Runtime.
final class ExportTests: XCTestCase {
    func testForms() throws {
        let scratch = try Scratch()
        let model = scratch.path("m.slet")
        let made = try quantize(
            "--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", model)
        XCTAssertEqual(made.status, 0, made.errors)
        var sizes: [String: Int] = [:]
        let forms = [
            ("int8", []), ("fused", ["--fused"]), ("signed", ["--signed-weights"]), ("float", ["--float"]), ("tensor", ["--per-tensor"]),
        ]
        for (name, options) in forms {
            let out = scratch.path("\(name).onnx")
            let run = try ToolProcess("quantize", ["export", model, "-o", out] + options)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertTrue(run.output.contains(name == "float" ? "bytes, fp32" : "bytes, int8"), run.output)
            XCTAssertEqual(run.output.contains("agreement"), name == "tensor", run.output)
            sizes[name] = try Data(contentsOf: URL(fileURLWithPath: out)).count
        }
        XCTAssertEqual(sizes["int8"], sizes["signed"])
        XCTAssertGreaterThan(try XCTUnwrap(sizes["float"]), 3 * (try XCTUnwrap(sizes["int8"])))

        // A model in FP32 is written as it is, and what the tool writes it reads again.
        let float = scratch.path("float.slet")
        let read = try quantize(scratch.path("float.onnx"), "--float", "-o", float)
        XCTAssertEqual(read.status, 0, read.errors)
        let again = try quantize("export", float, "-o", scratch.path("again.onnx"))
        XCTAssertTrue(again.output.contains("bytes, fp32"), again.output + again.errors)
    }

    func testUsageAndBadInputs() throws {
        let scratch = try Scratch()
        let out = scratch.path("x.onnx")
        assertStops(try quantize("export", "-o", out), 2, "<model>")
        assertStops(try quantize("export", "m.slet", "--float", "--per-tensor", "-o", out), 2, "contradicts")
        assertStops(try quantize("export", "m.slet", "--images", "photos", "-o", out), 2, "--per-tensor")
        assertStops(try quantize("export", scratch.path("none.slet"), "-o", out), 3, "none.slet")
        let text = try scratch.write("text.slet", "no model")
        assertStops(try quantize("export", text, "-o", out), 3, "text.slet")
        assertStops(try quantize("export", text, "-o", text), 2, "another name")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }
}
