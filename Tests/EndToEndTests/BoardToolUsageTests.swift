import XCTest

/// Help, usage errors and exit codes of `swiftlet`.
final class BoardToolUsageTests: XCTestCase {
    private let commands = ["classify", "evaluate", "run", "bench", "inspect", "selftest"]

    func testHelp() throws {
        let help = try swiftlet("--help")
        XCTAssertEqual(help.status, 0)
        XCTAssertEqual(help.errors, "")
        for command in commands {
            XCTAssertTrue(help.output.contains("\n  \(command) "), command)
            let own = try swiftlet(command, "--help")
            XCTAssertEqual(own.status, 0)
            XCTAssertTrue(own.output.contains("usage: swiftlet \(command)"), own.output)
            XCTAssertTrue(own.output.contains("examples:"), command)
        }
        let version = try swiftlet("--version")
        XCTAssertEqual(version.status, 0)
        XCTAssertTrue(version.output.hasPrefix("swiftlet "))
    }

    func testUsageErrors() throws {
        assertStops(try swiftlet(), 2, "no command")
        assertStops(try swiftlet("paint"), 2, "no command 'paint'")
        assertStops(try swiftlet("bench", "--thread", "1"), 2, "unknown option --thread")
        assertStops(try swiftlet("bench", "m.slet", "--threads"), 2, "needs a value")
        assertStops(try swiftlet("bench", "m.slet", "--threads", "two"), 2, "whole number, not 'two'")
        assertStops(try swiftlet("bench", "m.slet", "--threads", "1,0"), 2, "from 1 to 256")
        assertStops(try swiftlet("bench", "m.slet", "--runs=0"), 2, "--runs is 0")
        assertStops(try swiftlet("bench"), 2, "MODEL.slet or --arch")
        assertStops(try swiftlet("bench", "--arch", "ResNet"), 2, "there is no 'ResNet'")
        assertStops(try swiftlet("bench", "--arch", "all", "--precision", "int4"), 2, "'int4'")
        assertStops(try swiftlet("bench", "m.slet", "--power-mode", "medium"), 2, "'medium'")
        assertStops(try swiftlet("classify", "m.slet"), 2, "at least one picture")
        assertStops(try swiftlet("evaluate", "m.slet", "--images", "x"), 2, "--labels-csv FILE")
        assertStops(try swiftlet("inspect", "a.slet", "b.slet"), 2, "b.slet")
        assertStops(try swiftlet("selftest", "now"), 2, "now")
    }

    func testMissingAndDamagedFiles() throws {
        let scratch = try Scratch()
        assertStops(try swiftlet("inspect", scratch.path("none.slet")), 3, "none.slet")
        assertStops(try swiftlet("inspect", try scratch.write("text.slet", "not a model")), 3, "text.slet")
        assertStops(try swiftlet("bench", scratch.folder), 3, scratch.folder)

        let models = try TestModels.made()
        let whole = try Data(contentsOf: URL(fileURLWithPath: models.int8))
        let half = scratch.path("half.slet")
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: half))
        assertStops(try swiftlet("classify", half, models.pictures[0]), 3, "half.slet")
        var damaged = whole
        damaged[whole.count / 2] ^= 1
        let file = scratch.path("damaged.slet")
        try damaged.write(to: URL(fileURLWithPath: file))
        assertStops(try swiftlet("classify", file, models.pictures[0]), 3, "checksum")
    }

    func testInstructionSets() throws {
        let unknown = try swiftlet("selftest", environment: ["SWIFTLET_ISA": "mmx"])
        assertStops(unknown, 2, "scalar")
        #if arch(x86_64)
        assertStops(try swiftlet("selftest", environment: ["SWIFTLET_ISA": "neon"]), 2, "lacks neon; it has scalar")
        #else
        assertStops(try swiftlet("selftest", environment: ["SWIFTLET_ISA": "avx2"]), 2, "lacks avx2; it has scalar")
        #endif
        assertStops(try swiftlet("selftest", "--isa", "fast"), 2, "--isa")
    }

    func testSelftest() throws {
        let run = try swiftlet("selftest", "--rounds", "2")
        XCTAssertEqual(run.status, 0, run.output)
        XCTAssertTrue(run.lines.count > 10, run.output)
        XCTAssertTrue(run.lines.last?.contains(", 0 failed") ?? false, run.output)
        XCTAssertTrue(run.lines.dropLast().allSatisfy { $0.hasPrefix("ok ") }, run.output)
    }
}
