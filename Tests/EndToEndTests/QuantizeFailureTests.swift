import Foundation
import XCTest

/// `quantize` when something goes wrong: what it says, and what it leaves behind.
final class QuantizeFailureTests: XCTestCase {
    /// Ctrl-C and `kill` in the middle of calibrating, with tensors in temporary files: neither those nor anything beside the output stays.
    func testInterruptedCalibrationLeavesNothing() throws {
        for signal in [SIGINT, SIGTERM] {
            let (scratch, temporary) = (try Scratch(), try Scratch())
            let out = try scratch.write("out.slet", "of an earlier run")
            // 210 pictures of 112 x 112 x 16 floats are too many for memory.
            let tool = try RunningTool(
                "quantize", ["--arch", "MobileNetV3_small_x1_0", "--calibration", "random", "--samples", "210", "-o", out],
                environment: ["TMPDIR": temporary.folder])
            let maps = "/proc/\(tool.id)/maps"
            let folder = (temporary.folder as NSString).lastPathComponent + "/"
            XCTAssertTrue(tool.waits { (try? String(contentsOfFile: maps, encoding: .utf8))?.contains(folder) == true })
            XCTAssertEqual(tool.interrupt(by: signal), signal)
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: temporary.folder), [])
            XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), ["out.slet"])
            XCTAssertEqual(try String(contentsOfFile: out, encoding: .utf8), "of an earlier run")
        }
    }

    /// Interrupted while the file is being written under its temporary name: the file is finished first.
    func testInterruptedWriteIsFinished() throws {
        let architecture = "MobileNetV3_large_x1_0"
        let whole = try Scratch()
        let size = try quantize("--arch", architecture, "--float", "-o", whole.path("out.slet")).output
        var caught = 0
        for _ in 0..<20 where caught == 0 {
            let scratch = try Scratch()
            let tool = try RunningTool("quantize", ["--arch", architecture, "--float", "-o", scratch.path("out.slet")])
            func files() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: scratch.folder)) ?? [] }
            guard tool.waits({ files().contains { $0.contains(".tmp-") } }) else { continue }
            caught += tool.interrupt(by: SIGTERM) == SIGTERM ? 1 : 0
            XCTAssertEqual(files(), ["out.slet"])
            XCTAssertTrue(
                FileManager.default.contentsEqual(atPath: scratch.path("out.slet"), andPath: whole.path("out.slet")), "of \(size) expected")
        }
        XCTAssertEqual(caught, 1, "no run was interrupted in time")
    }

    func testOutputThatCannotBeWritten() throws {
        let scratch = try Scratch()
        let arch = ["--arch", TestModels.architecture]
        // Before anything is computed, or even read.
        let calibrating = arch + ["--calibration", scratch.path("no such pictures")]
        assertStops(try ToolProcess("quantize", calibrating + ["-o", scratch.path("nowhere/x.slet")]), 1, "No such file or directory")
        assertStops(try ToolProcess("quantize", calibrating + ["-o", scratch.folder]), 1, "not a regular file")
        assertStops(try ToolProcess("quantize", calibrating + ["-o", "/dev/null"]), 1, "not a regular file")
        let report = ["-o", scratch.path("x.slet"), "--report", scratch.path("nowhere/x.json")]
        assertStops(try ToolProcess("quantize", calibrating + report), 1, "nowhere/x.json")

        // No room: a limit of 64 blocks stands for a full disk, being the one that a test can set.
        let command = "ulimit -f 64; exec \"$0\" \"$@\""
        let tool = ToolProcess.folder.appendingPathComponent("quantize").path
        let full = try ToolProcess(path: "/bin/sh", ["-c", command, tool] + arch + ["--float", "-o", scratch.path("x.slet")])
        assertStops(full, 1, "cannot write \(scratch.path("x.slet")): File too large")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), [])
    }

    /// A picture that cannot be read is named and left out of a comparison; the result is the one of the others.
    func testComparisonLeavesUnreadablePicturesOut() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        for index in 0..<3 { try scratch.writePicture("\(index).ppm", seed: index + 2) }
        let good = try scratch.write("good.csv", "file,class\n0.ppm,0\n1.ppm,3\n2.ppm,5\n")
        try scratch.write("broken.jpg", "no picture")
        let mixed = try scratch.write("mixed.csv", "file,class\nbroken.jpg,1\n0.ppm,0\n1.ppm,3\nmissing.ppm,2\n2.ppm,5\n")
        func compare(_ list: String, _ more: String...) throws -> ToolProcess {
            try ToolProcess("quantize", ["compare", models.float, models.int8, "--images", scratch.folder, "--labels-csv", list] + more)
        }
        var results = try [good, mixed].map { list in
            let run = try compare(list, "--json")
            XCTAssertEqual(run.errorLines.filter { $0.contains("warning: left out") }.count, list == mixed ? 2 : 0, run.errors)
            return try XCTUnwrap(try json(run) as? [String: Any])
        }
        XCTAssertEqual(results.map { $0["left_out"] as? Int }, [0, 2])
        for index in results.indices { results[index]["left_out"] = nil }
        XCTAssertEqual(results[0] as NSDictionary, results[1] as NSDictionary)
        let text = try compare(mixed)
        XCTAssertTrue(text.output.contains("pictures   3, 2 left out"), text.output)
        XCTAssertTrue(text.errors.contains("broken.jpg") && text.errors.contains("missing.ppm"), text.errors)

        let none = try scratch.write("none.csv", "file,class\nbroken.jpg,1\nmissing.ppm,2\n")
        let run = try compare(none)
        XCTAssertEqual(run.status, 3, run.errors)
        XCTAssertTrue(run.errors.contains("no picture can be read"), run.errors)
        XCTAssertEqual(run.output, "")
    }

    /// A layer's name in the model file: an error before any picture is read.
    func testWeightsThatAreNotFinite() throws {
        let scratch = try Scratch()
        for value in [Float.nan, .infinity] {
            let file = scratch.path("model.onnx")
            let weights = [1, 0, 0, 0, value, 0, 0, 0, 1]
            try SmallONNX.data(convolution: "mixing", weights: weights).write(to: URL(fileURLWithPath: file))
            for arguments in [["--float"], ["--calibration", scratch.path("no such pictures")]] {
                let run = try ToolProcess("quantize", [file, "-o", scratch.path("out.slet")] + arguments)
                assertStops(run, 3, "model.onnx: layer mixing: weights or bias are not finite")
            }
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), ["model.onnx"])
    }

    /// One picture, black: nothing to learn from, but a file that answers.
    func testOneBlackPicture() throws {
        let scratch = try Scratch()
        try (Data("P6\n256 256\n255\n".utf8) + Data(count: 256 * 256 * 3)).write(to: URL(fileURLWithPath: scratch.path("black.ppm")))
        let out = scratch.path("out.slet")
        let run = try quantize(
            "--arch", TestModels.architecture, "--calibration", scratch.folder, "--preset", "fast", "-o", out,
            "--report", scratch.path("out.json"))
        XCTAssertEqual(run.status, 0, run.errors)
        let answers = try swiftlet("classify", out, scratch.path("black.ppm"), "--json")
        XCTAssertEqual(answers.status, 0, answers.errors)
    }

    /// Kernels of every instruction set calibrate alike.
    func testInstructionSetsGiveTheSameFile() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let out = scratch.path("out.slet")
        let run = try ToolProcess(
            "quantize", ["--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", out],
            environment: ["SWIFTLET_ISA": "scalar"])
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(FileManager.default.contentsEqual(atPath: out, andPath: models.int8))
    }
}

/// A tool while it runs.
private final class RunningTool {
    private let process = Process()

    init(_ tool: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = ToolProcess.folder.appendingPathComponent(tool)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    var id: Int32 { process.processIdentifier }

    /// Whether `condition` came true while the tool ran.
    func waits(_ condition: () -> Bool) -> Bool {
        while process.isRunning {
            if condition() { return true }
        }
        return false
    }

    /// - Returns: the signal that ended it; nil when it ended of itself.
    func interrupt(by signal: Int32) -> Int32? {
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil
    }
}
