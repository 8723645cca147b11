import Foundation
import XCTest

/// The ARM programs of `make boards`, run by qemu: what they print and write must be this machine's to the byte.
final class BoardTests: XCTestCase {
    private struct Board {
        let name: String
        let emulator: String
        /// qemu's names of processors with ever more instructions, and the instruction set that each is to be recognized by.
        let processors: KeyValuePairs<String, String>
    }

    private static let boards = [
        Board(
            name: "aarch64", emulator: "qemu-aarch64-static",
            processors: ["cortex-a53": "neon", "cortex-a72": "neon", "cortex-a76": "neon_dotprod", "max": "neon_i8mm"]),
        Board(name: "armv7", emulator: "qemu-arm-static", processors: ["cortex-a7": "neon", "max": "neon"]),
    ]

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Calls `body` with each board's program and emulator.
    /// - Parameter needed: other programs that the test needs.
    /// - Throws: a skip that names what is not built or not installed here, before anything has run.
    private func onEachProgram(
        needing needed: [String] = [], _ body: (_ board: Board, _ program: String, _ emulator: String) throws -> Void
    ) throws {
        let programs = BoardTests.boards.map { board in
            (board, BoardTests.root.appendingPathComponent("build/\(board.name)/swiftlet").path, "/usr/bin/" + board.emulator)
        }
        let missing = (programs.flatMap { [$1, $2] } + needed).filter { !FileManager.default.isExecutableFile(atPath: $0) }
        try XCTSkipUnless(missing.isEmpty, "no \(missing.joined(separator: ", ")) (make test-boards)")
        for (board, program, emulator) in programs { try body(board, program, emulator) }
    }

    /// Calls `body` with a way to run each board's program on each of its processors.
    private func onEachBoard(
        environment: [String: String] = [:],
        _ body: (_ label: String, _ isa: String, _ run: ([String]) throws -> ToolProcess) throws -> Void
    ) throws {
        try onEachProgram { board, program, emulator in
            for (processor, isa) in board.processors {
                try body("\(board.name), \(processor)", isa) {
                    try ToolProcess(path: emulator, ["-cpu", processor, program] + $0, environment: environment)
                }
            }
        }
    }

    /// Threads that really run are no more than this machine has processors; kernels alone are divided into up to five parts by `selftest`.
    func testTensorsGiveTheSameBytes() throws {
        let models = try TestModels.made()
        let (input, here, there) = (models.scratch.path("board.npy"), models.scratch.path("here.npy"), models.scratch.path("there.npy"))
        let picture = (0..<(3 * 224 * 224)).map { (index: Int) -> Float in Float(index * 7919 % 512) / 128 - 2 }
        try NumpyFile.bytes([1, 3, 224, 224], picture).write(to: URL(fileURLWithPath: input))
        for model in [models.int8, models.float] {
            XCTAssertEqual(try swiftlet("run", model, "--input", input, "--output", here).status, 0)
            let expected = try Data(contentsOf: URL(fileURLWithPath: here))
            try onEachBoard { label, _, run in
                for threads in 1...(model == models.int8 ? 4 : 1) {
                    let result = try run(["run", model, "--input", input, "--output", there, "--threads", "\(threads)"])
                    XCTAssertEqual(result.status, 0, "\(label), \(threads) threads: \(result.errors)")
                    XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: there)), expected, "\(label), \(threads) threads")
                }
            }
            guard model == models.int8 else { continue }
            // Unlike cores take more parts than there are threads, in whatever order.
            try onEachBoard(environment: BoardProcessors().environment) { label, _, run in
                let result = try run(["run", model, "--input", input, "--output", there, "--threads", "2"])
                XCTAssertEqual(result.status, 0, "\(label), unlike cores: \(result.errors)")
                XCTAssertEqual(try Data(contentsOf: URL(fileURLWithPath: there)), expected, "\(label), unlike cores")
            }
        }
    }

    func testPicturesGiveTheSameAnswers() throws {
        let models = try TestModels.made()
        let arguments = ["classify", models.int8, "--json", "--top", "3"] + models.pictures
        let here = try ToolProcess("swiftlet", arguments)
        XCTAssertEqual(here.status, 0, here.errors)
        try onEachBoard { label, _, run in
            for threads in 1...4 {
                let there = try run(arguments + ["--threads", "\(threads)"])
                XCTAssertEqual(there.output, here.output, "\(label), \(threads) threads: \(there.errors)")
            }
        }
    }

    func testKernelsAgreeWithTheirReferences() throws {
        try onEachBoard { label, isa, run in
            let result = try run(["selftest", "--rounds", "6"])
            XCTAssertEqual(result.status, 0, label + ": " + result.output)
            let verdict = String(result.lines.last ?? "")
            XCTAssertTrue(verdict.contains(", 0 failed (\(isa),"), "\(label): \(verdict), but \(isa) is what it has")
        }
    }

    /// A board's image has no room to waste. The build refuses larger programs too.
    func testProgramsAreSmall() throws {
        try onEachProgram { _, program, _ in
            let size = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: program)[.size] as? Int)
            XCTAssertLessThan(size, 1_000_000, program)
        }
    }

    /// `make board-package`: unpacked, its script runs to its end, by a POSIX shell and by BusyBox with nothing but its own tools, and
    /// prints one JSON; a wrong answer is reported as one.
    func testPackageChecksTheBoard() throws {
        let scripts = BoardTests.root.appendingPathComponent("Scripts/package-board.sh").path
        let tools = ["SWIFTLET": "swiftlet", "QUANTIZE": "quantize"].mapValues { ToolProcess.folder.appendingPathComponent($0).path }
        let busybox = "/bin/busybox"
        try onEachProgram(needing: [busybox]) { board, _, emulator in
            let made = try ToolProcess(path: "/bin/bash", [scripts, board.name], environment: tools)
            XCTAssertEqual(made.status, 0, made.errors)
            let scratch = try Scratch()
            let package = BoardTests.root.appendingPathComponent("build/swiftlet-\(board.name).tar.gz").path
            XCTAssertEqual(try ToolProcess(path: "/bin/tar", ["-xzf", package, "-C", scratch.folder]).status, 0)
            let folder = scratch.path("swiftlet-\(board.name)")

            var environment = ["RUNNER": "\(emulator) -cpu \(board.processors[0].key)", "RUNS": "1", "ARCH": TestModels.architecture]
            var shell = ["/bin/sh"]
            if board.name == "armv7" {
                let installed = try ToolProcess(path: busybox, ["--install", "-s", scratch.folder])
                XCTAssertEqual(installed.status, 0, installed.errors)
                environment["PATH"] = scratch.folder
                shell = [busybox, "sh"]
            }
            func check() throws -> ToolProcess {
                try ToolProcess(path: shell[0], shell.dropFirst() + [folder + "/board-check.sh"], environment: environment)
            }
            let report = try XCTUnwrap(try json(try check()) as? [String: Any])
            for check in ["selftest", "logits_as_expected", "answer_as_expected"] { XCTAssertEqual(report[check] as? Bool, true, check) }
            XCTAssertEqual(((report["bench"] as? [String: Any])?["rows"] as? [Any])?.count, 9)

            guard board.name == "armv7" else { return }
            try "[]\n".write(toFile: folder + "/expected.json", atomically: true, encoding: .utf8)
            let wrong = try check()
            XCTAssertEqual(wrong.status, 1)
            XCTAssertTrue(wrong.output.contains("\"answer_as_expected\": false"), wrong.output)
        }
    }

    func testDamagedFileIsAnError() throws {
        let models = try TestModels.made()
        let damaged = models.scratch.path("damaged.slet")
        try Data(contentsOf: URL(fileURLWithPath: models.int8)).dropLast(100).write(to: URL(fileURLWithPath: damaged))
        try onEachBoard { _, _, run in assertStops(try run(["inspect", damaged]), 3, "damaged.slet") }
    }
}
