import XCTest

/// The JSON file beside a model: what its text about resizing does to the model file.
final class ModelNotesTests: XCTestCase {
    /// The preprocessing in the .slet file, and what `quantize` said.
    private func convert(_ resize: String, _ options: String...) throws -> (preprocessing: [String: Any], said: String) {
        let scratch = try Scratch()
        let (model, out) = (scratch.path("model.onnx"), scratch.path("out.slet"))
        try SmallONNX.data(nodes: [("Relu", "relu"), ("GlobalAveragePool", "pool"), ("Flatten", "flat")]).write(
            to: URL(fileURLWithPath: model))
        _ = try scratch.write("model.json", "{\"mean\": [1, 2, 3], \"resize\": \"\(resize)\"}")
        let made = try ToolProcess("quantize", [model, "--float", "-o", out] + options)
        XCTAssertEqual(made.status, 0, made.errors)
        XCTAssertEqual(made.remarks.count, 1, made.errors)
        let summary = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        return (try XCTUnwrap(summary["preprocessing"] as? [String: Any]), made.remarks.joined())
    }

    private func expect(
        _ converted: (preprocessing: [String: Any], said: String), _ resize: String, _ crop: String, _ interpolation: String,
        line: UInt = #line
    ) {
        for (key, value) in [("resize", resize), ("crop", crop), ("interpolation", interpolation)] {
            XCTAssertEqual(converted.preprocessing[key] as? String, value, key, line: line)
        }
        XCTAssertTrue(converted.said.contains("model.json"), converted.said, line: line)
    }

    func testLibraryAndSizes() throws {
        let pillow = try convert("shorter side 10 bilinear (PIL), center crop 8")
        expect(pillow, "10", "8x8", "pillow-bilinear")
        XCTAssertTrue(pillow.said.contains("--resize 10 --crop 8 --interpolation pillow-bilinear"), pillow.said)
        expect(try convert("Pillow's bicubic, shorter side 12"), "12", "8x8", "pillow-bicubic")
        expect(try convert("cv2.resize, crop 8x8"), "9", "8x8", "opencv-bilinear")
    }

    func testOptionsWin() throws {
        let converted = try convert("shorter side 10 bilinear (PIL), crop 8", "--interpolation", "pillow-bicubic", "--resize", "11")
        expect(converted, "11", "8x8", "pillow-bicubic")
        XCTAssertFalse(converted.said.contains("--"), converted.said)
    }

    /// Without a library, or with a filter that there is nothing for, the text decides nothing.
    func testOtherTexts() throws {
        for text in ["shorter side 10 bilinear, crop 8", "shorter side 10 nearest (PIL)", "OpenCV bicubic to 10", "a pilot's view"] {
            let converted = try convert(text)
            expect(converted, "9", "8x8", "opencv-bilinear")
            XCTAssertFalse(converted.said.contains("--"), converted.said)
        }
    }
}
