import Foundation
import XCTest

/// `swiftlet stream`, and `classify` over long lists.
final class StreamToolTests: XCTestCase {
    private func stream(_ input: Data, _ options: String...) throws -> ToolProcess {
        try ToolProcess("swiftlet", ["stream", try TestModels.made().int8] + options, input: input)
    }

    /// Pictures after their lengths.
    private func prefixed(_ paths: [String]) throws -> Data {
        var data = Data()
        for path in paths {
            let picture = try Data(contentsOf: URL(fileURLWithPath: path))
            withUnsafeBytes(of: UInt32(picture.count).littleEndian) { data.append(contentsOf: $0) }
            data.append(picture)
        }
        return data
    }

    private func objects(_ run: ToolProcess) throws -> [[String: Any]] {
        try run.lines.map { try XCTUnwrap(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }

    private func answers(_ value: Any?) -> NSArray? { value as? NSArray }

    func testALineAPicture() throws {
        let models = try TestModels.made()
        let run = try stream(try prefixed(models.pictures))
        XCTAssertEqual(run.status, 0, run.errors)
        let lines = try objects(run)
        let expected = try XCTUnwrap(
            try json(try ToolProcess("swiftlet", ["classify", models.int8, "--json"] + models.pictures)) as? [[String: Any]])
        XCTAssertEqual(lines.count, 3)
        for (index, line) in lines.enumerated() {
            XCTAssertEqual(line["frame"] as? Int, index + 1)
            XCTAssertEqual(line["dropped"] as? Int, 0)
            XCTAssertEqual(answers(line["top"]), answers(expected[index]["results"]))
            XCTAssertEqual(try XCTUnwrap(line["time"] as? Double), Date().timeIntervalSince1970, accuracy: 600)
            XCTAssertGreaterThan(try XCTUnwrap(line["ms"] as? Double), 0)
        }
    }

    func testDamagedPicturesAreNamed() throws {
        let models = try TestModels.made()
        var data = try prefixed([models.pictures[0], models.pictures[1]])
        data.replaceSubrange(4..<6, with: Data("??".utf8))
        let run = try stream(try prefixed([models.pictures[2]]) + data)
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try objects(run).compactMap { $0["frame"] as? Int }, [1, 3])
        XCTAssertEqual(run.errorLines.count, 1, run.errors)
        XCTAssertTrue(run.errors.contains("picture 2"), run.errors)
        XCTAssertEqual(try stream(Data("\u{1}\0\0\0P5 \n".utf8)).status, 3)
    }

    /// Every second; only what is probable; only what lasts.
    func testWhatIsPrinted() throws {
        let models = try TestModels.made()
        let (a, b) = (models.pictures[0], models.pictures[1])
        let pictures = [a, b, a, b, b, a, b, b, b, b]
        let all = try objects(try stream(try prefixed(pictures), "--top", "1"))
        let classes = all.compactMap { (($0["top"] as? [[String: Any]])?[0]["class"]) as? Int }
        XCTAssertEqual(Set(classes).count, 2, "the two pictures must have different answers")
        XCTAssertEqual(
            try objects(try stream(try prefixed(pictures), "--every", "2")).compactMap { $0["frame"] as? Int }, [2, 4, 6, 8, 10])
        XCTAssertEqual(try objects(try stream(try prefixed(pictures), "--change")).compactMap { $0["frame"] as? Int }, [1, 9])
        XCTAssertEqual(try stream(try prefixed(pictures), "--min-probability", "0.999").output, "")
        for value in ["1.5", "x", "0.x", "-0.1", "1.0.0", ""] {
            XCTAssertEqual(try stream(Data(), "--min-probability", value).status, 2, value)
        }
    }

    func testListsAndShards() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let broken = try scratch.write("broken.jpg", "no picture")
        let files = [models.pictures[0], broken, models.pictures[1], models.pictures[2]]
        let list = try scratch.write("list.txt", files.joined(separator: "\n") + "\n")
        let whole = try swiftlet("classify", models.int8, "--list", list, "--ndjson")
        XCTAssertEqual(whole.status, 1)
        let lines = try objects(whole)
        XCTAssertEqual(lines.compactMap { $0["file"] as? String }, files)
        XCTAssertEqual(lines.map { $0["error"] is String }, [false, true, false, false])
        let piped = try ToolProcess(
            "swiftlet", ["classify", models.int8, "--list", "-", "--ndjson"], input: Data((files.joined(separator: "\r\n")).utf8))
        XCTAssertEqual(piped.output, whole.output)
        let parts = try (1...3).map { try swiftlet("classify", models.int8, "--list", list, "--ndjson", "--shard", "\($0)/3") }
        XCTAssertEqual(parts.map(\.lines.count), [2, 1, 1])
        XCTAssertEqual(Set(parts.flatMap(\.lines)), Set(whole.lines))
        for shard in ["0/3", "4/3", "1", "a/b"] {
            assertStops(try swiftlet("classify", models.int8, "--list", list, "--shard", shard), 2, "--shard")
        }
    }

    /// A run that was ended in the middle of a line is continued to the same file; another list is refused.
    func testResume() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", models.pictures.joined(separator: "\n"))
        let out = scratch.path("out.ndjson")
        let arguments = ["classify", models.int8, "--list", list, "--resume", out]
        let first = try ToolProcess("swiftlet", arguments)
        XCTAssertEqual(first.status, 0, first.errors)
        let whole = try String(contentsOfFile: out, encoding: .utf8)
        XCTAssertEqual(whole.split(separator: "\n").count, 3)
        for count in [0, 10, whole.utf8.count / 2, whole.utf8.count - 1, whole.utf8.count] {
            try String(decoding: Array(whole.utf8.prefix(count)), as: UTF8.self).write(toFile: out, atomically: true, encoding: .utf8)
            XCTAssertEqual(try ToolProcess("swiftlet", arguments).status, 0)
            XCTAssertEqual(try String(contentsOfFile: out, encoding: .utf8), whole)
        }
        try scratch.write("list.txt", models.pictures.reversed().joined(separator: "\n"))
        assertStops(try ToolProcess("swiftlet", arguments), 3, "another list")
        XCTAssertEqual(try String(contentsOfFile: out, encoding: .utf8), whole)
    }
}
