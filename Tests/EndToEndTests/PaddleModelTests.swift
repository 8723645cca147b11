import SharedFiles
import XCTest

/// Paddle's models through the desk tool.
final class PaddleModelTests: XCTestCase {
    private let scratch = try! Scratch()

    /// A folder as PaddleClas exports it: program, parameters and notes.
    private func exported(_ program: String, as name: String) throws -> String {
        let folder = scratch.path("exported")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (from, to) in [(program, name), ("inference.pdiparams", "inference.pdiparams")] {
            try FileManager.default.copyItem(
                atPath: SharedFolder.file("paddle/small_x0_35_c10/" + from).path, toPath: folder + "/" + to)
        }
        let labels = (0..<10).map { "    - class \($0)\n" }.joined()
        try Data(
            """
            PreProcess:
              transform_ops:
              - ResizeImage: {resize_short: 250}
              - CropImage: {size: 224}
              - NormalizeImage: {scale: 0.00392157, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}
            PostProcess:
              Topk:
                label_list:
            \(labels)
            """.utf8
        ).write(to: URL(fileURLWithPath: folder + "/inference.yml"))
        return folder
    }

    func testFolderWithItsNotes() throws {
        let folder = try exported("inference_p300.json", as: "inference.json")
        let out = scratch.path("out.slet")
        let made = try quantize(folder, "--float", "-o", out)
        XCTAssertEqual(made.status, 0, made.errors)
        XCTAssertEqual(made.errorLines.count, 2, made.errors)
        XCTAssertTrue(made.errors.contains("assumed --channels rgb, as PaddleClas has it"), made.errors)
        XCTAssertTrue(made.errors.contains("inference.yml: preprocessing, which stands for --mean 127.5"), made.errors)
        XCTAssertTrue(made.errors.contains("--resize 250 --crop 224 --interpolation opencv-bilinear; 10 labels"), made.errors)
        let summary = try XCTUnwrap(try json(try swiftlet("inspect", out, "--json")) as? [String: Any])
        let preprocessing = try XCTUnwrap(summary["preprocessing"] as? [String: Any])
        XCTAssertEqual(preprocessing["resize"] as? String, "250")
        XCTAssertEqual(preprocessing["mean"] as? [Double], [127.5, 127.5, 127.5])
        let inspected = try XCTUnwrap(try json(try quantize("inspect", folder, "--json")) as? [String: Any])
        XCTAssertEqual(inspected["format"] as? String, "Paddle")
        XCTAssertEqual(inspected["name"] as? String, "PIR version 1")
        XCTAssertEqual(inspected["labels"] as? Int, 10)
    }

    /// The parameters may lie elsewhere; the board's program then gives Paddle's logits.
    func testNamedParameters() throws {
        let out = scratch.path("out.slet")
        let folder = "paddle/small_x0_35_c10/"
        let program = scratch.path("inference.pdmodel")
        try FileManager.default.copyItem(atPath: SharedFolder.file(folder + "inference_p262.pdmodel").path, toPath: program)
        assertStops(try quantize(program, "--float", "-o", out), 3, "name the .pdiparams file with --weights")
        let parameters = try SharedFolder.file(folder + "inference.pdiparams").path
        let made = try quantize(program, "--weights", parameters, "--float", "-o", out)
        XCTAssertEqual(made.status, 0, made.errors)
        let assumed = "assumed --resize 256 --crop 224 --interpolation opencv-bilinear --mean 123.675,116.28,103.53"
        XCTAssertTrue(made.errors.contains(assumed), made.errors)
        let logits = scratch.path("logits.npy")
        let input = try SharedFolder.file("paddle/input224.npy").path
        let run = try swiftlet("run", out, "--input", input, "--output", logits)
        XCTAssertEqual(run.status, 0, run.errors)
        let expected = try SharedFolder.floats(folder + "logits.npy")
        let actual = try SharedFolder.floats(at: URL(fileURLWithPath: logits))
        XCTAssertEqual(actual.count, expected.count)
        let scale = expected.map(abs).max()!
        for (a, e) in zip(actual, expected) { XCTAssertEqual(a / scale, e / scale, accuracy: 1e-4) }
        assertStops(try quantize(program, "--weights", parameters, "--float", "-o", parameters), 2, "an input of this run")
    }

    /// A checkpoint of an architecture is MODEL or --weights, as one likes.
    func testCheckpointAsModel() throws {
        let checkpoint = try SharedFolder.file("paddle/small_x0_35_c10/model.pdparams").path
        let arch = ["--arch", "MobileNetV3_small_x0_35", "--float"]
        let outs = [scratch.path("a.slet"), scratch.path("b.slet")]
        for (out, given) in zip(outs, [[checkpoint], ["--weights", checkpoint]]) {
            let made = try ToolProcess("quantize", given + arch + ["-o", out])
            XCTAssertEqual(made.status, 0, made.errors)
        }
        XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: outs[0])), try Data(contentsOf: URL(fileURLWithPath: outs[1])))
        let program = try SharedFolder.file("paddle/small_x0_35_c10/inference_p262.pdmodel").path
        assertStops(try ToolProcess("quantize", [program] + arch + ["-o", outs[0]]), 3, "give it as MODEL, without --arch")
    }

    /// Models that are int8 already keep their scales, without pictures, and are taken apart where that is asked for.
    func testInt8Models() throws {
        let folder = try SharedFolder.file("paddle/c10_int8/qdq_p262").path
        let out = scratch.path("out.slet")
        let published = try quantize(folder, "-o", out)
        XCTAssertEqual(published.status, 0, published.errors)
        XCTAssertTrue(published.errors.contains("int8 as published: 55 tensors"), published.errors)
        XCTAssertEqual(try quantize(folder, "--keep-floats", "-o", out).status, 0)
        assertStops(try quantize(folder, "--calibration", "random", "-o", out), 2, "leave --calibration out")
        let made = try quantize(folder, "--recalibrate", "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", out)
        XCTAssertEqual(made.status, 0, made.errors)
        XCTAssertTrue(made.output.contains("int8"), made.output)
        let inspected = try XCTUnwrap(try json(try quantize("inspect", folder, "--json")) as? [String: Any])
        XCTAssertEqual(
            inspected["int8"] as? String,
            "quantize_linear and dequantize_linear operators: grids: 55 of weights and biases (55 per axis, 0 per tensor), "
                + "55 of activations, ranges of 151 more")
        let float = try SharedFolder.file("paddle/small_x0_35").path
        assertStops(try quantize(float, "--recalibrate", "--float", "-o", out), 2, "is none")
        assertStops(try quantize(float, "--keep-floats", "-o", out), 2, "leave it out")
    }

    func testCheckpoints() throws {
        let out = scratch.path("out.slet")
        let weights = try SharedFolder.file("paddle/small_x0_35_c10/model.pdparams").path
        let made = try quantize("--arch", "MobileNetV3_small_x0_35", "--weights", weights, "--float", "-o", out)
        XCTAssertEqual(made.status, 0, made.errors)
        assertStops(try quantize(weights, "--float", "-o", out), 3, "use --arch MobileNetV3_small_x0_35 or MobileNetV3_small_x0_35_ssld")
    }

    func testFoldersWithoutOneModel() throws {
        assertStops(try quantize(scratch.folder, "--float", "-o", scratch.path("out.slet")), 3, "cannot be told: name the file")
    }
}
