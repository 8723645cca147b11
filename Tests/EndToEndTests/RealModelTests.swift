import XCTest

/// Real models and photographs, where they are at hand: in the folder that SWIFTLET_SHARED names, or `shared` beside the package.
final class RealModelTests: XCTestCase {
    private func data() throws -> URL {
        let beside = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared").standardizedFileURL
        let folder = ProcessInfo.processInfo.environment["SWIFTLET_SHARED"].map { URL(fileURLWithPath: $0) } ?? beside
        let data = folder.appendingPathComponent("data")
        try XCTSkipUnless(FileManager.default.fileExists(atPath: data.path), "no models at \(data.path): set SWIFTLET_SHARED")
        return data
    }

    /// The first `count` rows of a labels CSV, evenly spaced rows being the tools' own business.
    private func rows(_ file: URL, _ count: Int) throws -> String {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").prefix(count + 1).joined(separator: "\n") + "\n"
    }

    /// From an ONNX file and photographs to an int8 file that answers as the FP32 model does.
    func testMobileNet() throws {
        let data = try data()
        let scratch = try Scratch()
        let model = data.appendingPathComponent("models/tf_mobilenet_v1_025.onnx").path
        let pictures = data.appendingPathComponent("imagenet/evaluation").path
        let (int8, float) = (scratch.path("int8.slet"), scratch.path("float.slet"))
        let labels = try scratch.write("labels.txt", (0..<1000).map { "label \($0)\n" }.joined())
        let report = scratch.path("report.html")

        let made = try quantize(
            model, "--calibration", data.appendingPathComponent("imagenet/calibration.csv").path, "--samples", "16", "--preset", "balanced",
            "--interpolation",
            "pillow-bilinear", "--labels", labels, "--report", report, "-o", int8)
        XCTAssertEqual(made.status, 0, made.errors)
        XCTAssertTrue(
            made.errors.contains("tf_mobilenet_v1_025.json"), "the notes beside the model are not said to be used: \(made.errors)")
        XCTAssertTrue(try String(contentsOfFile: report, encoding: .utf8).contains("</table>"))
        XCTAssertEqual(try quantize(model, "--float", "--interpolation", "pillow-bilinear", "-o", float).status, 0)

        let list = try scratch.write("some.csv", try rows(data.appendingPathComponent("imagenet/evaluation.csv"), 24))
        let compared = try XCTUnwrap(
            try json(try quantize("compare", float, int8, "--images", pictures, "--labels-csv", list, "--layer-samples", "2", "--json"))
                as? [String: Any])
        XCTAssertEqual(compared["count"] as? Int, 24)
        XCTAssertGreaterThan(try XCTUnwrap(compared["agreement"] as? Double), 80)
        XCTAssertLessThan(try XCTUnwrap(compared["kl"] as? Double), 0.05)

        // What the board tool counts is what the desk tool compares.
        let evaluated = try XCTUnwrap(
            try json(try swiftlet("evaluate", int8, "--images", pictures, "--labels-csv", list, "--threads", "2", "--json"))
                as? [String: Any])
        XCTAssertEqual(try XCTUnwrap(evaluated["top1"] as? Double), try XCTUnwrap((compared["top1"] as? [Double])?[1]), accuracy: 1e-3)
        let classified = try swiftlet("classify", int8, pictures + "/0001.jpg", "--top", "1")
        XCTAssertTrue(classified.output.contains("%  label "), classified.output)

        // The source model stands for its FP32 file.
        let direct = try XCTUnwrap(
            try json(try quantize("compare", model, float, "--images", pictures, "--labels-csv", list, "--layer-samples", "0", "--json"))
                as? [String: Any])
        XCTAssertEqual(direct["kl"] as? Double, 0)
    }

    /// A model without a fixed input size, which ends in a softmax.
    func testOpenInputSize() throws {
        let data = try data()
        let scratch = try Scratch()
        let source = data.appendingPathComponent("models/ppocr_cls_mobilenet_v3_small_x035.onnx").path
        // Away from its notes.
        let model = scratch.path("classifier.onnx")
        try FileManager.default.copyItem(atPath: source, toPath: model)
        let out = scratch.path("out.slet")
        assertStops(try quantize(model, "--float", "-o", out), 3, "--resize HxW")
        let made = try quantize(
            model, "--calibration", "random", "--samples", "4", "--resize", "48x192", "--bgr", "--preset", "fast", "-o", out)
        XCTAssertEqual(made.status, 0, made.errors)
        let description = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        XCTAssertEqual(description["input"] as? [Int], [48, 192, 3])
        XCTAssertEqual(description["softmax"] as? Bool, true)
        XCTAssertEqual((description["preprocessing"] as? [String: Any])?["channels"] as? String, "bgr")

        let summary = try XCTUnwrap(try json(try quantize("inspect", source, "--json")) as? [String: Any])
        XCTAssertEqual(summary["supported"] as? Bool, true)
        XCTAssertEqual(summary["input"] as? [Int], [48, 192, 3])
    }
}
