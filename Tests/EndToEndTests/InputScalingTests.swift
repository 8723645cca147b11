import Foundation
import XCTest

/// Models that scale their input by themselves: pictures are normalized once, or the command is refused.
final class InputScalingTests: XCTestCase {
    private typealias Scaling = [(kind: String, value: Float)]

    /// What `quantize --float` says, and the mean and deviation in its file.
    private func convert(
        _ scaling: Scaling, element: Int = 1, producer: String = "", _ options: String...
    ) throws -> (run: ToolProcess, preprocessing: [String: Any]) {
        let scratch = try Scratch()
        let (model, out) = (scratch.path("model.onnx"), scratch.path("out.slet"))
        try SmallONNX.data(scaling: scaling, element: element, producer: producer).write(to: URL(fileURLWithPath: model))
        let run = try ToolProcess("quantize", [model, "--float", "-o", out] + options)
        guard run.status == 0 else { return (run, [:]) }
        let summary = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        return (run, try XCTUnwrap(summary["preprocessing"] as? [String: Any]))
    }

    private func assertLeft(
        _ mean: Double, _ std: Double, _ converted: (run: ToolProcess, preprocessing: [String: Any]), says text: String?, line: UInt = #line
    ) {
        XCTAssertEqual(converted.run.status, 0, converted.run.errors, line: line)
        XCTAssertEqual(converted.preprocessing["mean"] as? [Double], [mean, mean, mean], line: line)
        XCTAssertEqual(converted.preprocessing["std"] as? [Double], [std, std, std], line: line)
        if let text {
            XCTAssertTrue(converted.run.errors.contains(text), "'\(converted.run.errors)' lacks '\(text)'", line: line)
        } else {
            XCTAssertEqual(converted.run.remarks.count, 0, converted.run.errors, line: line)
        }
    }

    private let centering: Scaling = [("Div", 127.5), ("Sub", 1)]

    func testPixels() throws {
        let said = "takes pixels and does (x - 127.5) / 127.5 by itself, so mean 0 and std 1 are left"
        assertLeft(0, 1, try convert(centering), says: said)
        assertLeft(0, 1, try convert(centering, element: 2), says: "takes pixels as integers")
        assertLeft(0, 1, try convert([], element: 2), says: "takes pixels as integers")
        assertLeft(0, 1, try convert([("Mul", 1.0 / 255), ("Sub", 0.45), ("Div", 0.225)]), says: "(x - 114.75) / 57.375")
        assertLeft(0, 1, try convert(centering, "--mean", "0,0,0", "--std", "1,1,1"), says: nil)
    }

    func testUnitValues() throws {
        assertLeft(0, 255, try convert([("Sub", 0.5), ("Div", 0.5)]), says: "takes 0 to 1 and does (x - 0.5) / 0.5 by itself")
        assertLeft(0, 255, try convert([("Sub", 0.5), ("Div", 0.5)], "--std", "255,255,255"), says: nil)
    }

    /// What the user says is what the network does: it is not done twice.
    func testTheSameTwice() throws {
        for (mean, std) in [("127.5,127.5,127.5", "127.5,127.5,127.5"), ("0.5,0.5,0.5", "0.5,0.5,0.5"), ("127,127,127", "128,128,128")] {
            let pixels = try convert(centering, "--mean", mean, "--std", std)
            assertLeft(0, 1, pixels, says: "the same as in --mean and --std: it is done once")
            let unit = try convert([("Sub", 0.5), ("Div", 0.5)], "--mean", mean, "--std", std)
            assertLeft(0, 255, unit, says: "the same as in --mean and --std: it is done once")
        }
    }

    func testContradictionsAreRefused() throws {
        let imageNet = ["--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225"]
        for element in [1, 2] {
            let run = try convert(centering, element: element, imageNet[0], imageNet[1], imageNet[2], imageNet[3]).run
            assertStops(run, 3, "by itself: leave mean and std out")
        }
        assertStops(try convert([], element: 2, "--std", "255,255,255").run, 3, "the network takes pixels as integers")
        assertStops(try convert([("Sub", 0.5), ("Div", 0.5)], "--mean", "0,0,0", "--std", "1,1,1").run, 3, "the network takes 0 to 1")
        assertStops(try convert(centering, "--mean", "0,0,0", "--std", "255,255,255").run, 3, "(x - 127.5) / 127.5")
    }

    /// Pixels less 128, which the network divides by 128.
    func testPartsOfOneNormalization() throws {
        assertLeft(128, 1, try convert([("Div", 128)], "--mean", "128,128,128", "--std", "1,1,1"), says: nil)
    }

    func testRecipesAndNotesAreHeldAgainstTheNetwork() throws {
        let scratch = try Scratch()
        let model = scratch.path("model.onnx")
        try SmallONNX.data(scaling: centering).write(to: URL(fileURLWithPath: model))
        let constants = #"{"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375]}"#
        let recipe = try scratch.write("r.json", #"{"name": "r", "preprocessing": \#(constants), "settings": {}}"#)
        assertStops(try quantize(model, "--float", "-o", scratch.path("x.slet"), "--recipe", recipe), 3, "r.json: mean 123.675")
        try scratch.write("model.json", constants)
        let run = try quantize(model, "--float", "-o", scratch.path("x.slet"))
        XCTAssertEqual(run.status, 3, run.errors)
        XCTAssertTrue(run.errors.contains("model.json: mean 123.675"), run.errors)
    }

    // MARK: What is assumed

    private func assumed(_ producer: String, _ options: String...) throws -> (line: String, preprocessing: [String: Any]) {
        let scratch = try Scratch()
        let (model, out) = (scratch.path("model.onnx"), scratch.path("out.slet"))
        try SmallONNX.data(scaling: [], producer: producer).write(to: URL(fileURLWithPath: model))
        let run = try ToolProcess("quantize", [model, "--float", "-o", out] + options)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertLessThanOrEqual(run.errorLines.count, 1, run.errors)
        let summary = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        return (run.errors, try XCTUnwrap(summary["preprocessing"] as? [String: Any]))
    }

    func testDefaultsFollowTheProducer() throws {
        let imageNet = "--mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 --channels rgb"
        for (producer, options, reason) in [
            ("pytorch", "--resize 9 --crop 8 --interpolation pillow-bilinear \(imageNet)", "since PyTorch exported the model"),
            ("tf2onnx", "--resize 8x8 --interpolation opencv-bilinear --mean 127.5,127.5,127.5 --std 127.5,127.5,127.5", "as Keras has it"),
            ("PaddlePaddle", "--resize 9 --crop 8 --interpolation opencv-bilinear \(imageNet)", "as PaddleClas has it"),
            ("Ultralytics", "--resize 8 --crop 8 --interpolation pillow-bilinear --mean 0,0,0 --std 255,255,255", "as Ultralytics has it"),
            ("", "--resize 9 --crop 8 --interpolation opencv-bilinear \(imageNet)", "the file does not say"),
        ] {
            let found = try assumed(producer)
            XCTAssertTrue(found.line.hasPrefix("quantize: assumed \(options)"), found.line)
            XCTAssertTrue(found.line.contains(reason), found.line)
            XCTAssertTrue(options.contains("--interpolation \(found.preprocessing["interpolation"] ?? "")"), found.line)
        }
    }

    func testWhatIsSaidIsNotAssumed() throws {
        let sizes = try assumed("pytorch", "--resize", "8x8", "--interpolation", "pillow-bicubic")
        XCTAssertFalse(sizes.line.contains("--resize") || sizes.line.contains("--crop") || sizes.line.contains("--interp"), sizes.line)
        XCTAssertTrue(sizes.line.contains("--mean 123.675"), sizes.line)
        let all = try assumed(
            "pytorch", "--resize", "8x8", "--interpolation", "pillow-bicubic", "--mean", "127.5,127.5,127.5", "--std", "128,128,128",
            "--channels", "bgr")
        XCTAssertEqual(all.line, "")
    }

    /// PyTorch's 0 to 1 are pixels here.
    func testMeanZeroAndStdOneOfPyTorch() throws {
        let doubted = try convert([], producer: "pytorch", "--mean", "0,0,0", "--std", "1,1,1")
        assertLeft(0, 1, doubted, says: "give --std 255,255,255")
        assertLeft(0, 1, try convert([], producer: "tf2onnx", "--mean", "0,0,0", "--std", "1,1,1"), says: nil)
    }
}
