import Foundation
import XCTest

/// Where `quantize` writes: a full or closed standard output, and files that must not be lost.
final class QuantizeOutputTests: XCTestCase {
    private static let tool = ToolProcess.folder.appendingPathComponent("quantize").path

    /// By a shell, whose redirections `Process` does not have. "$0" is the tool.
    private func shell(_ command: String, _ arguments: String...) throws -> ToolProcess {
        try ToolProcess(path: "/bin/bash", ["-c", command, Self.tool] + arguments)
    }

    private func relu(_ scratch: Scratch, _ name: String = "model.onnx") throws -> String {
        try SmallONNX.data(nodes: [("Relu", "relu"), ("GlobalAveragePool", "pool"), ("Flatten", "flat")])
            .write(to: URL(fileURLWithPath: scratch.path(name)))
        return scratch.path(name)
    }

    func testFullAndClosedStandardOutput() throws {
        let scratch = try Scratch()
        let model = try relu(scratch)
        // Whatever is assumed of pictures is said besides.
        let float = "--arch MobileNetV3_small_x0_35 --float -o \"$1.slet\""
        for command in ["--help", "--version", "inspect \"$1\"", "inspect \"$1\" --json", float] {
            for (redirection, text) in [("> /dev/full", "No space left on device"), (">&-", "it is closed")] {
                assertStops(try shell("\"$0\" \(command) \(redirection)", model), 1, "cannot write to standard output: \(text)")
            }
        }
        let models = try TestModels.made()
        let compare = "\"$0\" compare \"$1\" \"$1\" --images \"$2\" --layer-samples 0 --json > /dev/full"
        let run = try shell(compare, models.int8, models.scratch.folder)
        XCTAssertEqual(run.status, 1)
        XCTAssertTrue(run.errors.contains("cannot write to standard output"), run.errors)
        let pipe = try shell("{ \"$0\" --help; echo $? >&2; } | exec true; sleep 0.2")
        XCTAssertTrue(pipe.errorLines.last == "1" || pipe.errorLines.last == "0", pipe.errors)
    }

    /// A model or a report in the place of something that the run reads, or of each other, under whatever name.
    func testInputsAreNotReplaced() throws {
        let scratch = try Scratch()
        let model = try relu(scratch)
        let before = try Data(contentsOf: URL(fileURLWithPath: model))
        try FileManager.default.createSymbolicLink(atPath: scratch.path("link.onnx"), withDestinationPath: "model.onnx")
        let recipe = try scratch.write("recipe.json", #"{"name": "r"}"#)
        let pictures = try Scratch()
        let picture = try pictures.writePicture("a.ppm", seed: 3)
        for out in [model, scratch.folder + "/./model.onnx", scratch.path("link.onnx")] {
            assertStops(try quantize(model, "--float", "-o", out), 2, "is an input of this run as well")
        }
        assertStops(try quantize(model, "--float", "--recipe", recipe, "-o", recipe), 2, "an input of this run")
        let calibrate = [model, "--calibration", pictures.folder, "--resize", "8", "--crop", "8"]
        assertStops(try ToolProcess("quantize", calibrate + ["-o", picture]), 2, "a calibration picture")
        let twice = ["-o", scratch.path("x.json"), "--report", scratch.folder + "//x.json"]
        assertStops(try ToolProcess("quantize", calibrate + twice), 2, "the same file")
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: model)), before)
    }

    func testNamesThatAreNoFiles() throws {
        let scratch = try Scratch()
        let model = try relu(scratch)
        XCTAssertEqual(mkfifo(scratch.path("fifo"), 0o600), 0)
        let tooLong = scratch.path(String(repeating: "x", count: 256))
        for out in ["/dev/null", scratch.path("fifo"), scratch.folder, scratch.folder + "/x/", tooLong, ""] {
            let run = try quantize(model, "--float", "-o", out)
            assertStops(run, 1, "cannot write")
        }
        let longest = scratch.path(String(repeating: "x", count: 255))
        let run = try quantize(model, "--float", "-o", longest)
        XCTAssertEqual(run.status == 0, FileManager.default.fileExists(atPath: longest), run.errors)
        XCTAssertTrue(run.status <= 1 && run.errorLines.count <= 1, run.errors)
    }

    /// Names that are not UTF-8: one that Foundation would repair is another file's.
    func testNamesThatAreNotUTF8() throws {
        let scratch = try Scratch()
        let model = try relu(scratch)
        let named = try shell(#"exec "$0" "$1" --float -o "$2/"$'x\xe9.slet'"#, model, scratch.folder)
        assertStops(named, 2, "is not UTF-8")
        _ = try shell(#"cp "$1" "$2/"$'p\xe9.ppm'"#, try scratch.writePicture("a.ppm", seed: 3), scratch.folder)
        let run = try quantize(
            model, "--calibration", scratch.folder, "--resize", "8", "--crop", "8", "--preset", "fast", "-o", scratch.path("out.slet"))
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(run.errorLines.filter { $0.contains("warning: left out") && $0.contains("not UTF-8") }.count, 1, run.errors)
        XCTAssertTrue(run.errors.contains("(1 pictures"), run.errors)
    }

    /// Whatever a node is called, a table has a line for it and an error is one.
    func testHostileNames() throws {
        let scratch = try Scratch()
        let name = "evil\n\u{1B}[31m\u{202E}" + String(repeating: "n", count: 5000)
        try SmallONNX.data(nodes: [("Relu", name), ("GlobalAveragePool", "pool"), ("Flatten", "flat")])
            .write(to: URL(fileURLWithPath: scratch.path("model.onnx")))
        let run = try quantize("inspect", scratch.path("model.onnx"))
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertFalse(run.output.contains("\u{1B}") || run.output.contains("\u{202E}"))
        XCTAssertTrue(run.output.contains(#"evil\n\u{1B}[31m"#), run.output)
        XCTAssertLessThan(run.output.utf8.count, 4000)
        let model = scratch.path("model.onnx")
        try SmallONNX.data(nodes: [("No\nsuch\u{1B}", name)]).write(to: URL(fileURLWithPath: scratch.path("model.onnx")))
        assertStops(try quantize(scratch.path("model.onnx"), "--float", "-o", scratch.path("x.slet")), 3, "model.onnx")
        assertStops(try quantize("inspect", "no\nsuch\u{1B}.onnx"), 3, #"no\nsuch\u{1B}.onnx"#)
        assertStops(try quantize(model, "--float", "-o", scratch.path("x.slet"), "--no\u{1B}such"), 2, #"\u{1B}"#)
    }
}
