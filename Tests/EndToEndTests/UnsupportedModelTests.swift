import XCTest

/// A model with operators that there is nothing for: one error that lists them all.
final class UnsupportedModelTests: XCTestCase {
    func testAllUnsupportedOperatorsAreListed() throws {
        let scratch = try Scratch()
        let file = scratch.path("model.onnx")
        try SmallONNX.data(nodes: [("ConvTranspose", "upscale"), ("Relu", "fine"), ("Einsum", "attention"), ("Einsum", "more")]).write(
            to: URL(fileURLWithPath: file))
        let run = try quantize(file, "--float", "-o", scratch.path("out.slet"))
        assertStops(run, 3, "model.onnx")
        for name in ["ConvTranspose", "upscale", "Einsum", "attention", "more"] {
            XCTAssertTrue(run.errors.contains(name), "\(name): \(run.errors)")
        }
        XCTAssertFalse(run.errors.contains("fine"), run.errors)

        let summary = try XCTUnwrap(try json(try quantize("inspect", file, "--json")) as? [String: Any])
        XCTAssertEqual(summary["supported"] as? Bool, false)
        let unsupported = try XCTUnwrap(summary["unsupported"] as? [[String: String]])
        XCTAssertEqual(unsupported.compactMap { $0["name"] }.sorted(), ["attention", "more", "upscale"])
    }
}
