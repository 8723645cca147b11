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
        XCTAssertEqual(version.output, "swiftlet \(try quantize("--version").output)")
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
        assertStops(try swiftlet("evaluate", "m.slet"), 2, "--labels-csv FILE")
        assertStops(try swiftlet("inspect", "a.slet", "b.slet"), 2, "b.slet")
        assertStops(try swiftlet("selftest", "now"), 2, "now")
    }

    func testProcessorsThatAreNotThere() throws {
        for command in [
            ["classify", "m.slet", "p.ppm"], ["run", "m.slet", "--input", "x", "--output", "y"], ["bench", "m.slet"],
            ["evaluate", "m.slet", "--images", "x", "--labels-csv", "y"],
        ] {
            assertStops(
                try ToolProcess("swiftlet", command + ["--cpus", "0,9999"]), 2, "no processor 9999 that this process may use; there are ")
            assertStops(try ToolProcess("swiftlet", command + ["--cpus", "3-1"]), 2, "'3-1'")
            assertStops(try ToolProcess("swiftlet", command + ["--cpus", "0", "--power-mode", "big"]), 2, "one of them")
        }
    }

    /// One processor is left for either kind, whatever threads are asked for.
    func testPowerModes() throws {
        let models = try TestModels.made()
        let count = ProcessInfo.processInfo.activeProcessorCount
        try XCTSkipIf(count < 2, "one processor: nothing to choose from")
        for (name, slow, fast) in [("cpu_capacity", 446, 1024), ("cpufreq/cpuinfo_max_freq", 1_800_000, 2_400_000)] {
            let processors = try BoardProcessors(file: name, slow: slow, fast: fast)
            for (mode, expected) in [("little", 1), ("big", count - 1), ("all", count)] {
                let run = try swiftlet(
                    "bench", models.int8, "--runs", "1", "--warmup", "0", "--threads", "256", "--power-mode", mode, "--json", "-",
                    environment: processors.environment)
                XCTAssertEqual(run.errors, "")
                let rows = try XCTUnwrap((try json(run) as? [String: Any])?["rows"] as? [[String: Any]])
                XCTAssertEqual(rows[0]["threads_running"] as? Int, expected, "\(name), \(mode)")
            }
        }
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
