import SwiftletRuntime
import XCTest

/// `quantize key`, `sign`, `probe` and `swiftlet install`.
final class InstallTests: XCTestCase {
    /// A scratch folder with a pair of keys, and two models of which one is in use.
    private struct Desk {
        let scratch: Scratch
        let old: Data
        let new: Data

        init() throws {
            let models = try TestModels.made()
            scratch = try Scratch()
            for (name, path) in [("old.slet", models.int8), ("new.slet", models.float)] {
                try FileManager.default.copyItem(atPath: path, toPath: scratch.path(name))
            }
            XCTAssertEqual(try quantize("key", "-o", scratch.path("vendor")).status, 0)
            try InstallTests.sign("new.slet", scratch)
            (old, new) = (try scratch.content("old.slet"), try scratch.content("new.slet"))
            try old.write(to: URL(fileURLWithPath: scratch.path("current.slet")))
        }

        func install(_ arguments: String...) throws -> ToolProcess {
            try ToolProcess("swiftlet", ["install"] + arguments + ["--to", scratch.path("current.slet")])
        }

        /// The arguments for a file that is signed and tried.
        func checked(_ name: String) throws -> ToolProcess {
            try install(scratch.path(name), "--key", scratch.path("vendor.pub"), "--probe")
        }

        /// Writes a file and says how it is refused; the current one stays.
        func assertRefused(_ bytes: Data, _ text: String, line: UInt = #line) throws {
            try bytes.write(to: URL(fileURLWithPath: scratch.path("bad.slet")))
            assertStops(try checked("bad.slet"), 3, text, line: line)
            XCTAssertEqual(try scratch.content("current.slet"), old, line: line)
            XCTAssertFalse(FileManager.default.fileExists(atPath: scratch.path("current.slet.previous")), line: line)
        }
    }

    private static func sign(_ name: String, _ scratch: Scratch) throws {
        let run = try quantize("sign", scratch.path(name), "--key", scratch.path("vendor"))
        XCTAssertEqual(run.status, 0, run.errors)
    }

    func testInstallsAndRollsBack() throws {
        let desk = try Desk()
        // A signature is 128 bytes after what `quantize probe` writes.
        XCTAssertEqual(try quantize("probe", try TestModels.made().float, "-o", desk.scratch.path("tried.slet")).status, 0)
        XCTAssertEqual(try desk.scratch.content("tried.slet"), desk.new.dropLast(128))
        let run = try desk.checked("new.slet")
        XCTAssertEqual(run.status, 0, run.errors)
        XCTAssertEqual(try desk.scratch.content("current.slet"), desk.new)
        XCTAssertEqual(try desk.scratch.content("current.slet.previous"), desk.old)
        for (current, previous) in [(desk.old, desk.new), (desk.new, desk.old)] {
            let back = try desk.install("--rollback")
            XCTAssertEqual(back.status, 0, back.errors)
            XCTAssertEqual(try desk.scratch.content("current.slet"), current)
            XCTAssertEqual(try desk.scratch.content("current.slet.previous"), previous)
        }
        // What is signed runs as what is not.
        XCTAssertEqual(try swiftlet("inspect", desk.scratch.path("current.slet")).status, 0)
        XCTAssertEqual(try desk.scratch.names.filter { $0.hasPrefix("current") }.sorted(), ["current.slet", "current.slet.previous"])
    }

    func testRefusesWhatIsWrong() throws {
        let desk = try Desk()
        for place in [40, desk.new.count / 2, desk.new.count - 200, desk.new.count - 100, desk.new.count - 128, desk.new.count - 1] {
            var flipped = desk.new
            flipped[place] ^= 4
            try desk.assertRefused(flipped, "bad.slet: ")
        }
        try desk.assertRefused(desk.new.dropLast(), "not signed for this key")
        try desk.assertRefused(desk.old, "not signed for this key")
        XCTAssertEqual(try quantize("key", "-o", desk.scratch.path("other")).status, 0)
        let other = try desk.install(desk.scratch.path("new.slet"), "--key", desk.scratch.path("other.pub"))
        assertStops(other, 3, "not signed for this key")
        assertStops(try desk.install(desk.scratch.path("old.slet"), "--probe"), 3, "holds no probe")
        assertStops(try desk.install(desk.scratch.path("none.slet")), 3, "none.slet")
        assertStops(try desk.install("--rollback"), 3, "current.slet.previous")
        assertStops(try desk.install(desk.scratch.path("new.slet"), "--key", desk.scratch.path("new.slet")), 3, "public key")
        assertStops(try swiftlet("install", desk.scratch.path("new.slet")), 2, "--to")
        XCTAssertEqual(try desk.scratch.content("current.slet"), desk.old)
    }

    /// A digest that was made elsewhere, by a program that computes otherwise.
    func testWrongProbe() throws {
        let desk = try Desk()
        var builder = try ModelBuilder(reading: [UInt8](desk.new))
        builder.probe?.digest ^= 1
        try Data(builder.finish()).write(to: URL(fileURLWithPath: desk.scratch.path("wrong.slet")))
        try InstallTests.sign("wrong.slet", desk.scratch)
        try desk.assertRefused(try desk.scratch.content("wrong.slet"), "other outputs")
    }

    /// Killed a thousand times at random moments: the old file or the new one is there, whole.
    func testKills() throws {
        let desk = try Desk()
        let (current, names) = (desk.scratch.path("current.slet"), ["old.slet", "new.slet"])
        let seconds = try ContinuousClock().measure { _ = try desk.install(desk.scratch.path("new.slet")) } / .seconds(1)
        var installed = 0
        for round in 0..<1000 {
            let process = Process()
            process.executableURL = ToolProcess.folder.appendingPathComponent("swiftlet")
            process.arguments = ["install", desk.scratch.path(names[round % 2]), "--to", current]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(Double(round * 7919 % 1000) * 1000 * seconds * 1.5))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit, process.terminationStatus == 0 { installed += 1 }
            let found = try desk.scratch.content("current.slet")
            XCTAssertTrue(found == desk.old || found == desk.new, "round \(round): \(found.count) bytes")
        }
        XCTAssertTrue((50...950).contains(installed), "\(installed) of 1000 came to an end: the kills are at other moments than meant")
        XCTAssertEqual(try desk.checked("new.slet").status, 0)
        XCTAssertEqual(
            try desk.scratch.names.filter { $0.hasPrefix("current") }.sorted(), ["current.slet", "current.slet.previous"],
            "what a killed process left is gone")
    }
}
