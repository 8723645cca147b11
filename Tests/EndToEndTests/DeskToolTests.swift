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

    func testLayersKeptInFloat() throws {
        let scratch = try Scratch()
        let (out, report) = (scratch.path("x.slet"), scratch.path("x.json"))
        let arch = ["--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", out]
        assertStops(try ToolProcess("quantize", arch + ["--keep-float", "nowhere"]), 1, "nowhere")
        XCTAssertFalse(FileManager.default.fileExists(atPath: out))
        let first = try ToolProcess("quantize", arch + ["--report", report])
        XCTAssertEqual(first.status, 0, first.errors)
        let name = try XCTUnwrap(try layers(report)[3]["name"] as? String)
        let run = try ToolProcess("quantize", arch + ["--report", report, "--keep-float", name])
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try layers(report).filter { $0["isFloat"] as? Bool == true }.map { $0["name"] as? String }, [name])

        let easy = try ToolProcess("quantize", arch + ["--max-loss", "100"])
        XCTAssertEqual(easy.status, 0, easy.errors)
        XCTAssertTrue(easy.errors.contains("without keeping any layer in FP32"), easy.errors)
    }

    private func layers(_ report: String) throws -> [[String: Any]] {
        try XCTUnwrap(
            (JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report))) as? [String: Any])?["layers"]
                as? [[String: Any]])
    }

    func testReportPage() throws {
        let scratch = try Scratch()
        let page = scratch.path("x.html")
        let run = try quantize(
            "--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "-o",
            scratch.path("x.slet"),
            "--report", page)
        XCTAssertEqual(run.status, 0, run.errors)
        let html = try String(contentsOfFile: page, encoding: .utf8)
        XCTAssertFalse(html.contains("<script"))
        XCTAssertFalse(html.contains("http"), "a page that needs nothing from elsewhere")
        XCTAssertNil(html.range(of: #"=[^'" >]+/>"#, options: .regularExpression), "a slash that is part of an attribute's value")
        XCTAssertEqual(html.components(separatedBy: "<section>").count - 1, 10)
        for text in ["prefers-color-scheme: dark", "width=device-width", "calibration.sha256", "every layer is in int8"] {
            XCTAssertTrue(html.contains(text), text)
        }
    }

    /// A picture that cannot be read is named and left out; the model is the one of the others.
    func testUnreadablePicturesAreLeftOut() throws {
        let scratch = try Scratch()
        for index in 0..<3 { try scratch.writePicture("\(index).ppm", seed: index + 2) }
        try scratch.write("broken.jpg", "no picture")
        let arch = ["--arch", TestModels.architecture, "--preset", "fast"]
        let outs = [scratch.path("a.slet"), scratch.path("b.slet")]
        for (pictures, out) in zip(["0.ppm\n1.ppm\n2.ppm\n", "0.ppm\nbroken.jpg\n1.ppm\nmissing.ppm\n2.ppm\n"], outs) {
            let run = try ToolProcess("quantize", arch + ["--calibration", try scratch.write("list.txt", pictures), "-o", out])
            XCTAssertEqual(run.status, 0, run.errors)
            let warnings = run.errorLines.filter { $0.contains("warning: left out") }
            XCTAssertEqual(warnings.count, pictures.contains("broken") ? 2 : 0)
            if warnings.count == 2 {
                XCTAssertTrue(warnings[0].contains("broken.jpg"))
                XCTAssertTrue(warnings[1].contains("missing.ppm"))
            }
        }
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: outs[0])), try Data(contentsOf: URL(fileURLWithPath: outs[1])))
        let list = try scratch.write("list.txt", "broken.jpg\nmissing.ppm\n")
        assertStops(
            try ToolProcess("quantize", arch + ["--calibration", list, "-o", scratch.path("c.slet")]), 3,
            "no calibration picture can be read")
        XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path("c.slet")))
    }

    func testUsageErrors() throws {
        let scratch = try Scratch()
        let out = scratch.path("x.slet")
        assertStops(try quantize(), 2, "--output")
        assertStops(try quantize("-o", out), 2, "MODEL or --arch")
        assertStops(try quantize("--arch", TestModels.architecture, "-o", out), 2, "--calibration")
        assertStops(try quantize("--arch", "ResNet", "--float", "-o", out), 2, "ResNet")
        assertStops(
            try quantize("m.pth", "--arch", TestModels.architecture, "--weights", "n.pth", "--float", "-o", out), 2, "contradict")
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
        assertStops(try ToolProcess("quantize", arch + ["--calibration", scratch.folder]), 3, "no .jpg, .png or .ppm")
        let list = try scratch.write("list.csv", "file,class\nmissing.ppm,0\n")
        assertStops(try ToolProcess("quantize", arch + ["--calibration", list]), 3, "missing.ppm")
        assertStops(
            try ToolProcess("quantize", arch + ["--float", "--labels", try scratch.write("labels.txt", "one\ntwo\n")]), 3, "2 labels")
        let recipe = try scratch.write("recipe.json", #"{"name": "r", "color": 3}"#)
        assertStops(try ToolProcess("quantize", arch + ["--float", "--recipe", recipe]), 3, "color")
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
                "--arch", TestModels.architecture, "--calibration", source, "--samples", "2", "--preset", "fast", "--threads", threads,
                "-o", out,
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
            (JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report))) as? [String: Any])?["layers"]
                as? [[String: Any]])
        XCTAssertGreaterThan(layers.count, 50)
        XCTAssertTrue(layers.contains { ($0["sqnr"] as? Double ?? 0) > 10 })
    }

    /// The same inputs give the same bytes.
    func testFilesAreReproducible() throws {
        let models = try TestModels.made()
        let again = models.scratch.path("again.slet")
        let run = try quantize(
            "--arch", TestModels.architecture, "--calibration", "random", "--samples", "2", "--preset", "fast", "--threads", "2", "-o",
            again)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: again)), try Data(contentsOf: URL(fileURLWithPath: models.int8)))
    }

    func testCompare() throws {
        let models = try TestModels.made()
        let result = try XCTUnwrap(
            try json(
                try quantize("compare", models.float, models.int8, "--images", models.scratch.folder, "--labels-csv", models.list, "--json")
            )
                as? [String: Any])
        XCTAssertEqual(result["count"] as? Int, 3)
        for key in ["agreement", "kl", "sqnr_db"] { XCTAssertNotNil(result[key] as? Double, key) }
        for key in ["top1", "top5"] { XCTAssertEqual((result[key] as? [Double])?.count, 2, key) }
        XCTAssertGreaterThan(try XCTUnwrap(result["layers"] as? [Any]).count, 50)
        let interval = try XCTUnwrap(result["kl_interval"] as? [Double])
        let kl = try XCTUnwrap(result["kl"] as? Double)
        XCTAssertTrue(interval[0] <= kl && kl <= interval[1])
        let top1 = try XCTUnwrap(result["top1"] as? [Double])
        let difference = try XCTUnwrap(result["top1_difference_interval"] as? [Double])
        XCTAssertTrue(difference[0] <= top1[1] - top1[0] && top1[1] - top1[0] <= difference[1])
        let disagreements = try XCTUnwrap(result["disagreements"] as? [[String: Any]])
        XCTAssertEqual(Double(3 - disagreements.count) / 3 * 100, try XCTUnwrap(result["agreement"] as? Double), accuracy: 1e-9)

        let same = try XCTUnwrap(
            try json(try quantize("compare", models.int8, models.int8, "--images", models.scratch.folder, "--json")) as? [String: Any])
        XCTAssertEqual(same["agreement"] as? Double, 100)
        XCTAssertEqual(same["kl"] as? Double, 0)
        XCTAssertNil(same["sqnr_db"])
    }
}
