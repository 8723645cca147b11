import Foundation
import XCTest

/// `quantize` on machines that are too small, and with inputs that are too large.
final class QuantizeLimitTests: XCTestCase {
    private static let tool = ToolProcess.folder.appendingPathComponent("quantize").path
    private static let random = ["--arch", TestModels.architecture, "--calibration", "random", "--preset", "fast"]

    private func onnx(_ scratch: Scratch, side: Int) throws -> String {
        let weights: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1]
        try SmallONNX.data(convolution: "mixing", weights: weights, side: side).write(to: URL(fileURLWithPath: scratch.path("model.onnx")))
        return scratch.path("model.onnx")
    }

    func testEstimateIsTold() throws {
        let scratch = try Scratch()
        let run = try ToolProcess("quantize", Self.random + ["--samples", "2", "--threads", "1", "-o", scratch.path("x.slet")])
        XCTAssertEqual(run.status, 0, run.errors)
        let line = try XCTUnwrap(run.errorLines.first)
        let form = #"^quantize: about \d+ s, \d+ MB of memory \(2 pictures, 1 threads\)$"#
        XCTAssertNotNil(line.range(of: form, options: .regularExpression), "\(line)")
    }

    /// Refused with the figure before a picture is made; what the model holds is told all the same.
    func testInputThatIsTooLarge() throws {
        let scratch = try Scratch()
        let model = try onnx(scratch, side: 26_000)
        let out = ["--calibration", "random", "--samples", "8", "--threads", "8", "-o", scratch.path("x.slet")]
        let run = try ToolProcess("quantize", [model] + out)
        XCTAssertTrue(run.status == 3 || run.status == 1, run.errors)
        XCTAssertEqual(run.errorLines.count, 1, run.errors)
        XCTAssertTrue(run.errors.contains(" GB of "), run.errors)
        let inspected = try quantize("inspect", model)
        XCTAssertEqual(inspected.status, 0, inspected.errors)
        XCTAssertTrue(inspected.output.contains("26000x26000x3"), inspected.output)
        XCTAssertNotNil(inspected.output.firstMatch(of: /supported +no/), inspected.output)
    }

    func testAddressSpaceThatRunsOut() throws {
        let scratch = try Scratch()
        let limited = "ulimit -v 300000; exec \"$0\" \"$@\""
        let arguments = Self.random + ["--samples", "200", "-o", scratch.path("x.slet")]
        assertStops(try ToolProcess(path: "/bin/bash", ["-c", limited, Self.tool] + arguments), 1, "ulimit -v leaves")
        let insisting = try ToolProcess(path: "/bin/bash", ["-c", limited, Self.tool] + arguments + ["--allow-large"])
        XCTAssertEqual(insisting.status, 1, insisting.errors)
        XCTAssertEqual(insisting.errorLines.count, 2, insisting.errors)
        XCTAssertTrue(insisting.errors.contains("quantize: out of memory"), insisting.errors)
        XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path("x.slet")))
    }

    /// As root no limit on processes holds, so another user runs it.
    func testThreadsThatCannotBeStarted() throws {
        try XCTSkipUnless(getuid() == 0, "only root may become a user without processes")
        let scratch = try Scratch()
        XCTAssertEqual(chmod(scratch.folder, 0o777), 0)
        func alone(_ arguments: [String]) throws -> ToolProcess {
            // A user of its own: the limit counts all processes of one.
            let user = ["--reuid", "64321", "--clear-groups", "prlimit", "--nproc=1", Self.tool]
            return try ToolProcess(path: "/usr/bin/setpriv", user + arguments)
        }
        let arguments = Self.random + ["--samples", "2", "-o", scratch.path("x.slet")]
        assertStops(try alone(arguments + ["--threads", "2"]), 1, "cannot start 2 threads")
        let single = try alone(arguments + ["--threads", "1"])
        XCTAssertEqual(single.status, 0, single.errors)
    }

    /// 210 pictures of 112 x 112 x 16 floats need a temporary file; without a folder for it nothing begins.
    func testNoPlaceForTemporaryFiles() throws {
        let scratch = try Scratch()
        let run = try ToolProcess(
            "quantize", Self.random + ["--arch", "MobileNetV3_small_x1_0", "--samples", "210", "-o", scratch.path("x.slet")],
            environment: ["TMPDIR": scratch.path("missing")])
        assertStops(run, 1, "set TMPDIR")
    }

    func testNumbersThatMakeNoSense() throws {
        let scratch = try Scratch()
        let options = [
            "--samples 0", "--samples -1", "--samples 1000000000", "--threads 0", "--threads 1000000", "--mean nan,1,1", "--mean 1e30,1,1",
            "--std 0,1,1", "--std 1e-45,1,1", "--resize 0", "--resize 1000000000", "--crop 99999999999999999999", "--seed -1",
            "--seed 18446744073709551616", "--max-loss nan", "--max-loss -1",
        ]
        for option in options {
            let words = option.split(separator: " ").map(String.init)
            let run = try ToolProcess("quantize", Self.random + ["-o", scratch.path("x.slet")] + words)
            assertStops(run, 2, "quantize: ")
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), [])
    }
}
