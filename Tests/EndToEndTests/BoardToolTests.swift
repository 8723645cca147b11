import XCTest

/// What `swiftlet`'s commands print and write, on a small network with random weights.
final class BoardToolTests: XCTestCase {
    func testClassify() throws {
        let models = try TestModels.made()
        let plain = try ToolProcess("swiftlet", ["classify", models.int8, "--top", "2"] + models.pictures)
        XCTAssertEqual(plain.status, 0, plain.errors)
        XCTAssertEqual(plain.lines.count, 9)
        let answers = try XCTUnwrap(
            try json(try ToolProcess("swiftlet", ["classify", models.int8, "--json"] + models.pictures)) as? [[String: Any]])
        XCTAssertEqual(answers.compactMap { $0["file"] as? String }, models.pictures)
        for answer in answers {
            let results = try XCTUnwrap(answer["results"] as? [[String: Any]])
            XCTAssertEqual(results.count, 5)
            let probabilities = results.compactMap { $0["probability"] as? Double }
            XCTAssertEqual(probabilities, probabilities.sorted(by: >))
            XCTAssertTrue(probabilities.allSatisfy { $0 > 0 && $0 <= 1 } && probabilities.reduce(0, +) <= 1.0001)
            XCTAssertTrue(results.allSatisfy { (0..<1000).contains($0["class"] as? Int ?? -1) && $0["label"] is String })
        }
    }

    /// Neither threads nor the instruction set may change a digit.
    func testResultsAreTheSameEverywhere() throws {
        let models = try TestModels.made()
        for model in [models.int8, models.float] {
            let reference = try swiftlet("classify", model, models.pictures[0], "--top", "20", "--json")
            XCTAssertEqual(reference.status, 0, reference.errors)
            let threaded = try swiftlet("classify", model, models.pictures[0], "--top", "20", "--json", "--threads", "2")
            let scalar = try swiftlet(
                "classify", model, models.pictures[0], "--top", "20", "--json", environment: ["SWIFTLET_ISA": "scalar"])
            XCTAssertEqual(threaded.output, reference.output)
            XCTAssertEqual(scalar.output, reference.output)
        }
    }

    func testUnreadablePictures() throws {
        let models = try TestModels.made()
        assertStops(try swiftlet("classify", models.int8, models.scratch.path("none.jpg")), 3, "none.jpg")
        let scratch = try Scratch()
        let text = try scratch.write("text.jpg", "no picture")
        let one = try swiftlet("classify", models.int8, models.pictures[0], "--json")
        let mixed = try swiftlet("classify", models.int8, text, models.pictures[0], "--json")
        XCTAssertEqual(mixed.status, 1)
        XCTAssertEqual(mixed.output, one.output)
        XCTAssertEqual(mixed.errorLines.count, 2, mixed.errors)
        XCTAssertTrue(mixed.errors.contains("text.jpg") && mixed.errors.contains("1 of 2 pictures cannot be read"), mixed.errors)
    }

    func testEvaluate() throws {
        let models = try TestModels.made()
        let predictions = models.scratch.path("predictions.csv")
        var seen: [String] = []
        for threads in ["1", "2"] {
            let run = try swiftlet(
                "evaluate", models.int8, "--images", models.scratch.folder, "--labels-csv", models.list, "--predictions", predictions,
                "--threads", threads, "--json")
            let result = try XCTUnwrap(try json(run) as? [String: Any])
            XCTAssertEqual(result["count"] as? Int, 3)
            XCTAssertEqual(result["precision"] as? String, "int8")
            for key in ["top1", "top5", "ms_per_picture"] { XCTAssertNotNil(result[key] as? Double, key) }
            seen.append(try String(contentsOfFile: predictions, encoding: .utf8))
        }
        XCTAssertEqual(seen[0], seen[1])
        let lines = seen[0].split(separator: "\n")
        XCTAssertEqual(lines.count, 4)
        XCTAssertEqual(lines[0], "file,class,predicted,probability")
        XCTAssertTrue(lines[2].hasPrefix("2.ppm,999,"))
        XCTAssertEqual(lines[2].split(separator: ",").count, 4)
    }

    /// The predicted classes as labels: everything is right.
    func testEvaluateCountsRightAnswers() throws {
        let models = try TestModels.made()
        let answers = try XCTUnwrap(
            try json(try ToolProcess("swiftlet", ["classify", models.int8, "--top", "1", "--json"] + models.pictures)) as? [[String: Any]])
        let classes = answers.compactMap { (($0["results"] as? [[String: Any]])?.first?["class"]) as? Int }
        let rows = classes.enumerated().map { "\($0 + 1).ppm,\($1)\n" }.joined()
        let list = try models.scratch.write("right.csv", "file,class\n" + rows)
        let run = try swiftlet("evaluate", models.int8, "--images", models.scratch.folder, "--labels-csv", list, "--json")
        let result = try XCTUnwrap(try json(run) as? [String: Any])
        XCTAssertEqual(result["top1"] as? Double, 100)
        XCTAssertEqual(result["top5"] as? Double, 100)
    }

    func testEvaluateRefusesBadLists() throws {
        let models = try TestModels.made()
        for (text, expected) in [
            ("name,label\n1.ppm,3\n", "file,class"), ("file,class\n1.ppm,1000\n", "class 1000"), ("file,class\n1.ppm\n", "line 2"),
            ("file,class\n", "no pictures"), ("file,class\nmissing.ppm,3\n", "missing.ppm"), ("1.ppm 3\n2.ppm\n", "line 2"),
            ("1.ppm\n", "no class for 1.ppm"),
        ] {
            let list = try models.scratch.write("bad.csv", text)
            assertStops(try swiftlet("evaluate", models.int8, "--images", models.scratch.folder, "--labels-csv", list), 3, expected)
        }
    }

    /// Every form of a list gives the same predictions; bad pictures are named and not counted.
    func testEvaluateTakesListsAsTheyAre() throws {
        let models = try TestModels.made()
        let predictions = models.scratch.path("forms.csv")
        func evaluate(_ text: String) throws -> (run: ToolProcess, predictions: String) {
            let list = try models.scratch.write("forms.txt", text)
            let run = try swiftlet("evaluate", models.int8, "--labels-csv", list, "--predictions", predictions, "--json")
            return (run, try String(contentsOfFile: predictions, encoding: .utf8))
        }
        let plain = try evaluate("file,class\n1.ppm,3\n2.ppm,999\n")
        XCTAssertEqual(plain.run.status, 0, plain.run.errors)
        for text in ["\u{FEFF}file,class\r\n\"1.ppm\",3\r\n2.ppm,999\r\n", "1.ppm 3\n2.ppm 999\n", "1.ppm\t3\n2.ppm\t999"] {
            XCTAssertEqual(try evaluate(text).predictions, plain.predictions, text)
        }
        let mixed = try evaluate("1.ppm 3\nmissing.ppm 1\n2.ppm 999\n")
        XCTAssertEqual(mixed.run.status, 1)
        XCTAssertEqual(mixed.predictions, plain.predictions)
        XCTAssertTrue(mixed.run.errors.contains("missing.ppm"), mixed.run.errors)
        XCTAssertTrue(mixed.run.output.contains("\"left_out\": 1") || mixed.run.output.contains("\"left_out\":1"), mixed.run.output)
    }

    /// Subfolders are classes in the order of their names; what is no picture is named.
    func testEvaluateTakesClassFolders() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        for folder in ["b", "a", "a-c"] {
            try FileManager.default.createDirectory(atPath: scratch.path(folder), withIntermediateDirectories: true)
            try scratch.writePicture("\(folder)/1.ppm", seed: 3)
        }
        try scratch.write("a/notes.txt", "no picture")
        let predictions = scratch.path("predictions.csv")
        let run = try swiftlet("evaluate", models.int8, "--images", scratch.folder, "--predictions", predictions)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.errors.contains("0 a, 1 a-c, 2 b"), run.errors)
        XCTAssertTrue(run.errors.contains("a/notes.txt"), run.errors)
        let lines = try String(contentsOfFile: predictions, encoding: .utf8).split(separator: "\n")
        let classes = lines.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
        XCTAssertEqual(classes, ["a-c/1.ppm,1", "a/1.ppm,0", "b/1.ppm,2"])
        let compared = try quantize("compare", models.float, models.int8, "--images", scratch.folder, "--layer-samples", "0", "--json")
        XCTAssertEqual(((try json(compared) as? [String: Any])?["top1"] as? [Double])?.count, 2)
        XCTAssertTrue(compared.errors.contains("0 a, 1 a-c, 2 b"), compared.errors)
    }

    func testInspect() throws {
        let models = try TestModels.made()
        let description = try XCTUnwrap(try json(try swiftlet("inspect", models.int8, "--layers", "--json")) as? [String: Any])
        XCTAssertEqual(description["input"] as? [Int], [224, 224, 3])
        XCTAssertEqual(description["classes"] as? Int, 1000)
        let layers = try XCTUnwrap(description["layers"] as? [[String: Any]])
        XCTAssertEqual(layers.count, description["operators"] as? Int)
        XCTAssertEqual(layers.compactMap { $0["macs"] as? Int }.reduce(0, +), description["macs"] as? Int)
        // The window and the shapes give the multiply-accumulates and each other.
        var shapes = ["input": [224, 224, 3]]
        for layer in layers {
            let (name, shape) = (try XCTUnwrap(layer["name"] as? String), try XCTUnwrap(layer["shape"] as? [Int]))
            shapes[try XCTUnwrap(layer["output"] as? String)] = shape
            guard let groups = layer["groups"] as? Int else {
                XCTAssertEqual(layer["macs"] as? Int, 0, name)
                continue
            }
            let source = try XCTUnwrap(shapes[try XCTUnwrap((layer["inputs"] as? [String])?.first)])
            let (kernel, stride) = (try XCTUnwrap(layer["kernel_size"] as? [Int]), try XCTUnwrap(layer["stride"] as? [Int]))
            let (dilation, padding) = (try XCTUnwrap(layer["dilation"] as? [Int]), try XCTUnwrap(layer["padding"] as? [Int]))
            XCTAssertEqual(layer["macs"] as? Int, shape.reduce(1, *) * kernel[0] * kernel[1] * source[2] / groups, name)
            for axis in 0...1 {
                let reach = source[axis] + padding[axis] + padding[axis + 2] - dilation[axis] * (kernel[axis] - 1) - 1
                XCTAssertEqual(shape[axis], reach / stride[axis] + 1, name)
            }
        }
        XCTAssertEqual((description["preprocessing"] as? [String: Any])?["resize"] as? String, "256")
        let text = try swiftlet("inspect", models.float)
        XCTAssertEqual(text.status, 0)
        XCTAssertTrue(text.output.contains("fp32"))
    }
}
