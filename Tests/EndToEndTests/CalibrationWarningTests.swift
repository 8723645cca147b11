import Foundation
import XCTest

/// What `quantize` says of calibration pictures that cannot be right, and of labeled ones, before it quantizes.
final class CalibrationWarningTests: XCTestCase {
    /// A model that gives the mean of each channel: the answer is the strongest color.
    private func run(_ scratch: Scratch, _ options: String...) throws -> ToolProcess {
        let model = scratch.path("model.onnx")
        try SmallONNX.data(scaling: [("Div", 16)], element: 2).write(to: URL(fileURLWithPath: model))
        return try ToolProcess("quantize", [model, "--preset", "fast", "--resize", "8x8", "-o", scratch.path("x.slet")] + options)
    }

    /// Binary PPMs of 8 x 8, in a folder.
    private func pictures(_ scratch: Scratch, _ count: Int, _ pixel: (_ picture: Int, _ position: Int) -> [Int]) throws -> String {
        let folder = scratch.path("pictures")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for picture in 0..<count {
            let pixels = (0..<64).flatMap { pixel(picture, $0) }.map { UInt8($0) }
            try (Data("P6\n8 8\n255\n".utf8) + Data(pixels)).write(to: URL(fileURLWithPath: "\(folder)/\(100 + picture).ppm"))
        }
        return folder
    }

    private func warnings(_ run: ToolProcess) -> [String] {
        XCTAssertEqual(run.status, 0, run.errors)
        return run.errorLines.filter { $0.hasPrefix("quantize: warning: ") }.map { String($0.dropFirst("quantize: warning: ".count)) }
    }

    func testSoundPictures() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 18) { picture, position in
            (0..<3).map { $0 == picture % 3 ? 200 + position % 50 : 10 + picture + position }
        }
        XCTAssertEqual(warnings(try run(scratch, "--calibration", folder)), [])
    }

    func testOneAnswer() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 20) { picture, position in [10, picture < 2 ? 0 : 200 + position % 50, 90 + picture] }
        let labels = try scratch.write("labels.txt", "cat\ndog\nhen\n")
        let found = warnings(try run(scratch, "--calibration", folder, "--labels", labels))
        XCTAssertEqual(found.count, 1, "\(found)")
        XCTAssertTrue(found[0].contains("class 1 (dog) to 18 of 20") && found[0].contains("--mean, --std"), found[0])
    }

    func testFewAndAlike() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 4) { _, position in [position, 2 * position, 255 - position] }
        let found = warnings(try run(scratch, "--calibration", folder))
        XCTAssertEqual(found.count, 2, "\(found)")
        XCTAssertTrue(found[0].contains("4 calibration pictures are few"), found[0])
        XCTAssertTrue(found[1].contains("only 1 of 4 calibration pictures differ"), found[1])
    }

    func testBlackPictures() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 16) { _, _ in [0, 0, 0] }
        let found = warnings(try run(scratch, "--calibration", folder))
        XCTAssertEqual(found.count, 3, "\(found)")
        XCTAssertTrue(found[0].contains("16 of 16 calibration pictures are of one color"), found[0])
        XCTAssertTrue(found[1].contains("only 1 of 16"), found[1])
        XCTAssertTrue(found[2].contains("all classes are about equally likely on every calibration picture"), found[2])
    }

    /// Nobody expects sense of random pictures.
    func testRandomPictures() throws {
        XCTAssertEqual(warnings(try run(try Scratch(), "--calibration", "random", "--samples", "2")), [])
    }

    // MARK: Labels

    func testAccuracyBeforeQuantizing() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 18) { picture, position in
            (0..<3).map { $0 == picture % 3 ? 200 + position % 50 : 10 + picture + position }
        }
        func list(_ label: (Int) -> Int) throws -> String {
            let lines = (0..<18).map { "\(folder)/\(100 + $0).ppm,\(label($0))\n" }.joined()
            return try scratch.write("list.csv", "file,class\n" + lines + "\(scratch.path("missing.ppm")),0\n")
        }
        let report = scratch.path("report.json")
        let right = try run(scratch, "--calibration", folder, "--labels-csv", try list { $0 % 3 }, "--report", report)
        XCTAssertEqual(right.status, 0, right.errors)
        XCTAssertTrue(right.errors.contains("FP32 top-1 100.00 %, top-5 100.00 % on 18 labeled pictures"), right.errors)
        XCTAssertTrue(right.errors.contains("left out:") && right.errors.contains("missing.ppm"), right.errors)
        let values = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: report))) as? [String: Any]
        let accuracy = try XCTUnwrap(values?["fp32_accuracy"] as? [String: Any])
        XCTAssertEqual(accuracy["top1"] as? Double, 100)
        XCTAssertEqual(accuracy["count"] as? Int, 18)
        let wrong = try run(scratch, "--float", "--labels-csv", try list { ($0 + 1) % 3 })
        XCTAssertTrue(warnings(wrong).contains { $0.contains("hardly better than guessing") }, wrong.errors)
    }

    func testListsWithoutClasses() throws {
        let scratch = try Scratch()
        let folder = try pictures(scratch, 2) { picture, position in [picture, position, 3] }
        let list = try scratch.write("list.txt", "\(folder)/100.ppm\n")
        assertStops(try run(scratch, "--float", "--labels-csv", list), 3, "no class for")
        let high = try scratch.write("high.txt", "\(folder)/100.ppm 3\n")
        assertStops(try run(scratch, "--float", "--labels-csv", high), 3, "classes 0 to 2")
    }
}
