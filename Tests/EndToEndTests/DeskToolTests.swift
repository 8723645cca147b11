import XCTest

/// `quantize` on a built-in architecture: usage, files, determinism.
final class DeskToolTests: XCTestCase {
    func testHelp() throws {
        for arguments in [["--help"], ["help", "convert"], ["inspect", "--help"], ["compare", "--help"]] {
            let run = try ToolProcess("quantize", arguments)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertTrue(run.output.contains("USAGE: quantize"), run.output)
            XCTAssertEqual(run.errors, "")
        }
        XCTAssertEqual(try quantize("--version").status, 0)
    }

    func testUsageErrors() throws {
        let scratch = try Scratch()
        let out = scratch.path("x.slet")
        assertStops(try quantize(), 2, "--output")
        assertStops(try quantize("-o", out), 2, "MODEL or --arch")
        assertStops(try quantize("--arch", TestModels.architecture, "-o", out), 2, "--calibration")
        assertStops(try quantize("--arch", "ResNet", "--float", "-o", out), 2, "ResNet")
        assertStops(try quantize("m.onnx", "--arch", TestModels.architecture, "--float", "-o", out), 2, "contradict")
        assertStops(try quantize("--arch", TestModels.architecture, "--float", "-o", out, "--mean", "1,2"), 2, "--mean")
        assertStops(try quantize("--arch", TestModels.architecture, "--float", "-o", out, "--std", "1,0,1"), 2, "--std")
        assertStops(try quantize("--arch", TestModels.architecture, "--float", "-o", out, "--crop", "200"), 2, "--crop 224x224")
        assertStops(try quantize("--arch", TestModels.architecture, "--float", "-o", out, "--preset", "slow"), 2, "slow")
        assertStops(try quantize("compare", "a.slet"), 2, "<b>")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    func testBadInputs() throws {
        let scratch = try Scratch()
        let out = scratch.path("x.slet")
        let arch = ["--arch", TestModels.architecture, "-o", out]
        assertStops(try quantize(scratch.path("none.onnx"), "--float", "-o", out), 3, "none.onnx")
        assertStops(try quantize(try scratch.write("text.onnx", "no model"), "--float", "-o", out), 3, "text.onnx")
        assertStops(try ToolProcess("quantize", arch + ["--calibration", scratch.path("none")]), 3, "none")
        assertStops(try ToolProcess("quantize", arch + ["--calibration", scratch.folder]), 3, "no .jpg or .ppm")
        let list = try scratch.write("list.csv", "file,class\nmissing.ppm,0\n")
        assertStops(try ToolProcess("quantize", arch + ["--calibration", list]), 3, "missing.ppm")
        assertStops(try ToolProcess("quantize", arch + ["--float", "--labels", try scratch.write("labels.txt", "one\ntwo\n")]), 3, "2 labels")
        let recipe = try scratch.write("recipe.json", #"{"name": "r", "colour": 3}"#)
        assertStops(try ToolProcess("quantize", arch + ["--float", "--recipe", recipe]), 3, "colour")
        assertStops(try ToolProcess("quantize", arch + ["--float", "--weights", try scratch.write("w.pth", "no weights")]), 3, "w.pth")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
    }

    /// Pictures found by a folder, a text list and a CSV give the same model, for any number of threads; the report names every layer.
    func testCalibrationSources() throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.path("set"), withIntermediateDirectories: true)
        for index in 0..<3 { try scratch.writePicture("set/\(index).ppm", seed: index + 2) }
        let csv = try scratch.write("set.csv", "file,class\n0.ppm,0\n1.ppm,0\n2.ppm,0\n")
        let text = try scratch.write("set/list.txt", "0.ppm\n1.ppm\n2.ppm\n")
        let report = scratch.path("report.json")
        var answers: [String] = []
        for (source, threads) in [(scratch.path("set"), "1"), (csv, "2"), (text, "2")] {
            // The source's name is part of the file's provenance, so the answers are compared, not the bytes.
            let out = scratch.path("out.slet")
            let run = try quantize(
                "--arch", TestModels.architecture, "--calibration", source, "--samples", "2", "--preset", "fast", "--threads", threads, "-o", out,
                "--report", report)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertTrue(run.output.contains("int8"), run.output)
            let classified = try swiftlet("classify", out, scratch.path("set/1.ppm"), "--json", "--top", "1000")
            XCTAssertEqual(classified.status, 0, classified.errors)
            answers.append(classified.output)
        }
        XCTAssertEqual(answers[0], answers[1])
        XCTAssertEqual(answers[0], answers[2])
        let layers = try XCTUnwrap(
            (JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report))) as? [String: Any])?["layers"] as? [[String: Any]])
        XCTAssertGreaterThan(layers.count, 50)
        XCTAssertTrue(layers.contains { ($0["sqnr"] as? Double ?? 0) > 10 })
    }

    /// The same inputs give the same bytes.
    func testFilesAreReproducible() throws {
        let models = try TestModels.made()
        let again = models.scratch.path("again.slet")
        let run = try quantize(
            "--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "--threads", "2", "-o", again)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: again)), try Data(contentsOf: URL(fileURLWithPath: models.int8)))
    }

    func testCompare() throws {
        let models = try TestModels.made()
        let result = try XCTUnwrap(
            try json(try quantize("compare", models.float, models.int8, "--images", models.scratch.folder, "--labels-csv", models.list, "--json"))
                as? [String: Any])
        XCTAssertEqual(result["count"] as? Int, 3)
        for key in ["agreement", "kl", "sqnr_db"] { XCTAssertNotNil(result[key] as? Double, key) }
        for key in ["top1", "top5"] { XCTAssertEqual((result[key] as? [Double])?.count, 2, key) }
        XCTAssertGreaterThan(try XCTUnwrap(result["layers"] as? [Any]).count, 50)

        let same = try XCTUnwrap(
            try json(try quantize("compare", models.int8, models.int8, "--images", models.scratch.folder, "--json")) as? [String: Any])
        XCTAssertEqual(same["agreement"] as? Double, 100)
        XCTAssertEqual(same["kl"] as? Double, 0)
        XCTAssertNil(same["sqnr_db"])
    }
}
