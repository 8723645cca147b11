import XCTest

/// `swiftlet` where files and streams are not what they should be: one line, the right exit code, and nothing replaced.
final class FileFaultTests: XCTestCase {
    private static let tool = ToolProcess.folder.appendingPathComponent("swiftlet").path

    /// Runs the tool by a shell: `script` has it as "$0" and `arguments` as "$@".
    private func shell(_ script: String, _ arguments: [String]) throws -> ToolProcess {
        try ToolProcess(path: "/bin/sh", ["-c", script, FileFaultTests.tool] + arguments)
    }

    func testStandardOutputThatCannotBeWritten() throws {
        let models = try TestModels.made()
        let list = ["--images", models.scratch.folder, "--labels-csv", models.list]
        let bench = ["bench", models.int8, "--runs", "1", "--warmup", "0"]
        for command in [
            ["classify", models.int8, models.pictures[0]], ["classify", models.int8, models.pictures[0], "--json"],
            ["evaluate", models.int8] + list,
            bench, bench + ["--json", "-"], ["inspect", models.int8], ["selftest", "--rounds", "1"], ["--help"], ["--version"],
            ["run", "--help"],
        ] {
            assertStops(try shell("exec \"$0\" \"$@\" >/dev/full", command), 1, "standard output: No space left on device")
            assertStops(try shell("exec \"$0\" \"$@\" >&-", command), 1, "standard output: Bad file descriptor")
        }
        let pipe = try shell("{ \"$0\" \"$@\"; echo $? >&2; } | :", ["selftest", "--rounds", "1"])
        XCTAssertEqual(pipe.errorLines.last, "1", pipe.errors)
        XCTAssertEqual(pipe.errorLines.count, 2, pipe.errors)
    }

    /// Without standard descriptors a file that is opened would get their numbers.
    func testClosedDescriptors() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let arguments = ["bench", models.int8, "--runs", "1", "--warmup", "0", "--json", scratch.path("b.json")]
        XCTAssertEqual(try shell("exec \"$0\" \"$@\" <&- >&- 2>&-", arguments).status, 1)
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), [])
    }

    func testInputsThatAreNoFiles() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let fifo = scratch.path("fifo")
        XCTAssertEqual(mkfifo(fifo, 0o600), 0)
        for (path, text) in [(fifo, "not a regular file"), ("/dev/zero", "not a regular file"), (scratch.folder, "is a folder")] {
            assertStops(try swiftlet("inspect", path), 3, text)
            assertStops(try swiftlet("classify", models.int8, path), 3, text)
            assertStops(try swiftlet("run", models.int8, "--input", path, "--output", scratch.path("y")), 3, text)
            assertStops(try swiftlet("evaluate", models.int8, "--images", scratch.folder, "--labels-csv", path), 3, text)
        }
    }

    func testOutputsThatAreNoFiles() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let fifo = scratch.path("fifo")
        XCTAssertEqual(mkfifo(fifo, 0o600), 0)
        for (path, text) in [(fifo, "not a regular file"), ("/dev/null", "not a regular file"), (scratch.folder, "is a folder")] {
            let bench = try swiftlet("bench", models.int8, "--runs", "1", "--warmup", "0", "--csv", path)
            XCTAssertEqual(bench.status, 1)
            XCTAssertEqual(bench.errors, "swiftlet: cannot write \(path): \(text)\n")
        }
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), ["fifo"])

        // No room: the limit of one block stands for a full disk, being the one that a test can set.
        let input = models.scratch.path("fault.npy")
        try NumpyFile.bytes([1, 3, 224, 224], [Float](repeating: 0.5, count: 3 * 224 * 224)).write(to: URL(fileURLWithPath: input))
        let output = scratch.path("y.npy")
        let full = try shell("ulimit -f 1; exec \"$0\" \"$@\"", ["run", models.int8, "--input", input, "--output", output])
        XCTAssertEqual(full.status, 1)
        XCTAssertEqual(full.errors, "swiftlet: cannot write \(output): File too large\n")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), ["fifo"])
    }

    /// Repaired, such a name would be another file's.
    func testNamesThatAreNotUTF8() throws {
        let models = try TestModels.made()
        let scratch = try Scratch()
        let printf = "exec \"$0\" \"$@\" \"$(printf 'a\\377.json')\""
        assertStops(try shell(printf, ["inspect"]), 2, "argument 2, 'a\u{FFFD}.json', is not UTF-8")
        assertStops(try shell("cd '\(scratch.folder)'; " + printf, ["bench", models.int8, "--runs", "1", "--json"]), 2, "is not UTF-8")
        let list = scratch.path("list.csv")
        try (Data("file,class\n".utf8) + [0x61, 0xFF] + Data(".ppm,3\n".utf8)).write(to: URL(fileURLWithPath: list))
        assertStops(try swiftlet("evaluate", models.int8, "--images", scratch.folder, "--labels-csv", list), 3, "line 2: not UTF-8")
        XCTAssertEqual(try FileManager.default.contentsOfDirectory(atPath: scratch.folder), ["list.csv"])
    }

    /// A stack of 4 GB for a thread does not fit into 3 GB of address space.
    func testNoThreadCanStart() throws {
        let models = try TestModels.made()
        try XCTSkipIf(ProcessInfo.processInfo.activeProcessorCount < 2, "one processor: one thread")
        let script = "ulimit -s 4000000 && ulimit -v 3000000 && exec \"$0\" \"$@\""
        assertStops(try shell(script, ["classify", models.int8, models.pictures[0], "--threads", "2"]), 1, "cannot start 2 threads")
    }

    /// The file's weights are given back while they are packed.
    func testMemoryOfALargeModel() throws {
        let program = try Data(contentsOf: URL(fileURLWithPath: FileFaultTests.tool))
        try XCTSkipIf(
            program.range(of: Data("libswiftCore.so".utf8)) != nil, "swiftlet is linked with Swift's shared libraries (make host)")
        let scratch = try Scratch()
        let model = scratch.path("large.slet")
        let made = try quantize(
            "--arch", "MobileNetV3_large_x1_0", "--calibration", "random", "--samples", "2", "--preset", "fast", "-o", model)
        XCTAssertEqual(made.status, 0, made.errors)
        // By a shell that stays: a process counts what its parent had when it was made.
        let run = try shell("\"$0\" \"$@\"; exit $?", ["bench", model, "--runs", "1", "--warmup", "1", "--json", "-"])
        let report = try XCTUnwrap(try json(run) as? [String: Any])
        let peak = try XCTUnwrap((report["rows"] as? [[String: Any]])?.first?["peak_memory_mib"] as? Double)
        XCTAssertLessThan(peak, 16)
    }
}
