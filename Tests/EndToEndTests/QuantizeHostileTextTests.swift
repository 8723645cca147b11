import Foundation
import XCTest

/// Recipes, notes, lists and labels that hold what they should not.
final class QuantizeHostileTextTests: XCTestCase {
    private static let arch = ["--arch", TestModels.architecture]

    private func refuses(_ arguments: [String], _ text: String, line: UInt = #line) throws {
        let scratch = try Scratch()
        assertStops(try ToolProcess("quantize", Self.arch + arguments + ["-o", scratch.path("x.slet")]), 3, text, line: line)
    }

    func testRecipes() throws {
        let scratch = try Scratch()
        let bad: [(String, String)] = [
            ("", "recipe.json"), ("nonsense", "recipe.json"), (String(repeating: "[", count: 100_000), "Too many nested"),
            (#"{"name": "r", "name": "s"}"#, "\"name\" stands there twice"),
            (#"{"name": "r", "n\u0061me": "s"}"#, "\"name\" stands there twice"),
            (#"{"name": "r", "settings": {"seed": 1, "seed": 2}}"#, "\"seed\" stands there twice"),
            (#"{"name": 3}"#, "name"), (#"{"name": "r", "settings": {"seed": 18446744073709551616}}"#, "recipe.json"),
            (#"{"name": "r", "settings": {"positions": 9223372036854775808}}"#, "recipe.json"),
            (#"{"name": "r", "settings": {"positions": 0}}"#, "positions"), (#"{"name": "r", "settings": {"seed": NaN}}"#, "recipe.json"),
            (#"{"name": "r", "calibration": {"samples": -1}}"#, "samples"), (#"{"name": "r", "calibration": {"samples": 1e9}}"#, "samples"),
            (#"{"name": "r", "preprocessing": {"mean": [1e400, 0, 0]}}"#, "1e400 is not representable"),
            (#"{"name": "r", "preprocessing": {"std": [1e-44, 1, 1]}}"#, "std"),
        ]
        for (text, message) in bad {
            try refuses(["--float", "--recipe", try scratch.write("recipe.json", text)], message)
        }
        // 2^21 blanks are more than a recipe may have.
        try refuses(["--float", "--recipe", try scratch.write("big.json", String(repeating: " ", count: 1 << 21))], "2097152 bytes")
    }

    /// Pipes and folders as text: refused at once, not waited for.
    func testTextsThatAreNoFiles() throws {
        let scratch = try Scratch()
        XCTAssertEqual(mkfifo(scratch.path("fifo"), 0o600), 0)
        for path in [scratch.path("fifo"), "/dev/zero"] {
            try refuses(["--float", "--recipe", path], "not a regular file")
            try refuses(["--float", "--labels", path], "not a regular file")
            try refuses(["--calibration", path], "not a regular file")
        }
        try refuses(["--float", "--recipe", scratch.folder], "is a folder")
        try refuses(["--float", "--labels", scratch.folder], "is a folder")
        for model in [scratch.path("fifo"), scratch.folder] {
            assertStops(try quantize("inspect", model), 3, "is ")
            assertStops(try quantize(model, "--float", "-o", scratch.path("x.slet")), 3, "is ")
        }
    }

    func testListsAndLabels() throws {
        let scratch = try Scratch()
        let long = String(repeating: "x", count: 5000)
        let lists = [("a.ppm\n\(long)\n", "line 2: 5000 bytes"), ("a.ppm\0.jpg\n", "line 1: a NUL byte"), ("\n\n", "lists no pictures")]
        for (text, message) in lists {
            try refuses(["--calibration", try scratch.write("list.txt", text)], message)
        }
        try refuses(["--float", "--labels", try scratch.write("labels.txt", "a\n\(long)\n")], "line 2: 5000 bytes")
        try Data([0x61, 0x0A, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: scratch.path("latin.txt")))
        try refuses(["--calibration", scratch.path("latin.txt")], "line 2: not UTF-8")
        try refuses(["--float", "--labels", scratch.path("latin.txt")], "line 2: not UTF-8")
        let csv = try scratch.write("list.csv", "file,class\na.ppm,99999999999999999999\n")
        try refuses(["--calibration", csv], "line 2")
    }

    /// A million pictures that are not there: read, sampled, and a line that says so.
    func testLongList() throws {
        let scratch = try Scratch()
        let list = try scratch.write("list.txt", String(repeating: "missing.ppm\n", count: 1_000_000))
        let run = try ToolProcess("quantize", Self.arch + ["--calibration", list, "--samples", "3", "-o", scratch.path("x.slet")])
        assertStops(run, 3, "no calibration picture can be read")
    }
}
