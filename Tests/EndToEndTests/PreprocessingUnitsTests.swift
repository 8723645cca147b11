import Foundation
import XCTest

/// Mean and deviation in units of 0 to 1: scaled with a word, or refused, never taken for pixels.
final class PreprocessingUnitsTests: XCTestCase {
    private func convert(_ scratch: Scratch, _ arguments: String...) throws -> ToolProcess {
        try ToolProcess("quantize", ["--arch", TestModels.architecture, "--float", "-o", scratch.path("x.slet")] + arguments)
    }

    private func stored(_ scratch: Scratch) throws -> [[Double]] {
        let description = try XCTUnwrap(try json(try swiftlet("inspect", scratch.path("x.slet"), "--json")) as? [String: Any])
        let preprocessing = try XCTUnwrap(description["preprocessing"] as? [String: Any])
        return try ["mean", "std"].map { try XCTUnwrap(preprocessing[$0] as? [Double]) }
    }

    func testUnitsAreScaled() throws {
        let scratch = try Scratch()
        let run = try convert(scratch, "--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(run.errorLines.count, 1, run.errors)
        XCTAssertTrue(run.errors.contains("times 255: mean 123.675,116.28,103.53, std 58.395,57.12,57.375"), run.errors)
        XCTAssertEqual(try stored(scratch), [[123.675, 116.28, 103.53], [58.395, 57.12, 57.375]])
        let half = try convert(scratch, "--mean", "0.5,0.5,0.5", "--std", "0.5,0.5,0.5")
        XCTAssertEqual(half.status, 0, half.errors)
        XCTAssertEqual(try stored(scratch), [[127.5, 127.5, 127.5], [127.5, 127.5, 127.5]])
    }

    func testPixelsStay() throws {
        let scratch = try Scratch()
        for (mean, std) in [("0,0,0", "1,1,1"), ("0,0,0", "255,255,255"), ("104,117,123", "1,1,1"), ("127.5,127.5,127.5", "128,128,128")] {
            let run = try convert(scratch, "--mean", mean, "--std", std)
            XCTAssertEqual(run.status, 0, run.errors)
            XCTAssertEqual(run.errors, "")
            XCTAssertEqual(try stored(scratch), [mean, std].map { $0.split(separator: ",").map { Double($0)! } })
        }
    }

    /// One of the two alone, one number of three, or in a recipe or the notes beside a model.
    func testUnitsWhereverTheyAreSaid() throws {
        let scratch = try Scratch()
        XCTAssertEqual(try convert(scratch, "--std", "0.5,0.25,1").status, 0)
        XCTAssertEqual(try stored(scratch), [[123.675, 116.28, 103.53], [127.5, 63.75, 255]])
        XCTAssertEqual(try convert(scratch, "--mean", "0.5,0,0.25").status, 0)
        XCTAssertEqual(try stored(scratch)[0], [127.5, 0, 63.75])
        XCTAssertEqual(try convert(scratch, "--mean", "0.5,0.5,0.5", "--std", "1,1,1").status, 0)
        XCTAssertEqual(try stored(scratch), [[127.5, 127.5, 127.5], [255, 255, 255]])
        let constants = #"{"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]"#
        let recipe = try scratch.write("r.json", #"{"name": "r", "preprocessing": \#(constants)}, "settings": {}}"#)
        let run = try convert(scratch, "--recipe", recipe)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertTrue(run.errors.contains("r.json: in units of 0 to 1"), run.errors)
        XCTAssertEqual(try stored(scratch)[1], [58.395, 57.12, 57.375])
        let model = scratch.path("m.onnx")
        try SmallONNX.data(scaling: []).write(to: URL(fileURLWithPath: model))
        try scratch.write("m.json", constants + "}")
        let noted = try quantize(model, "--float", "-o", scratch.path("x.slet"))
        XCTAssertTrue(noted.errors.contains("m.json: in units of 0 to 1"), noted.errors)
        XCTAssertEqual(try stored(scratch)[0], [123.675, 116.28, 103.53])
        // Nobody can tell where one channel is in pixels.
        assertStops(try convert(scratch, "--std", "0.2,57,57", "--mean", "0.5,0.5,0.5"), 3, "not in one unit")
    }

    func testMixedUnitsAreRefused() throws {
        let scratch = try Scratch()
        for (mean, std) in [
            ("123.675,116.28,103.53", "0.229,0.224,0.225"), ("0.485,0.456,0.406", "58.395,57.12,57.375"),
            ("104,117,123", "0.017,0.017,0.017"),
            ("0,0,0", "0.0039,0.0039,0.0039"),
        ] {
            assertStops(try convert(scratch, "--mean", mean, "--std", std), 3, "not in one unit")
        }
    }
}
