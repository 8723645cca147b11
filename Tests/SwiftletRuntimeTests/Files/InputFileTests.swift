import CPlatform
import Foundation
import XCTest

@testable import SwiftletRuntime

/// Files that change while they are read, and what is no file.
final class InputFileTests: XCTestCase {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)").path

    override func setUpWithError() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func message(_ body: () throws -> Void) -> String {
        inputError(body)
    }

    func testBytes() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        var file = try InputFile(try write("a", bytes))
        try file.read(first: 10)
        XCTAssertEqual(file.withBytes { Array($0) }, Array(bytes[..<10]))
        try file.read()
        XCTAssertEqual(file.withBytes { Array($0) }, bytes)
        file.release(first: 9_000)  // two whole pages
        XCTAssertEqual(file.withBytes { Array($0[9_000...]) }, Array(bytes[9_000...]))

        var empty = try InputFile(try write("empty", []))
        try empty.read()
        XCTAssertEqual(empty.withBytes { $0.count }, 0)
    }

    /// A mapping would end the process, or show what was never checked.
    func testFileThatChanges() throws {
        for newSize in [0, 5_000, 20_001] as [off_t] {
            let path = try write("changing", [UInt8](repeating: 7, count: 20_000))
            var file = try InputFile(path)
            try file.read(first: 4_096)
            XCTAssertEqual(truncate(path, newSize), 0)
            XCTAssertEqual(message { try file.read() }, "it changed its size while it was read; try again", "\(newSize) bytes")
        }
        let path = try write("overwritten", [UInt8](repeating: 7, count: 20_000))
        var file = try InputFile(path)
        try file.read()
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).write(contentsOf: [UInt8](repeating: 8, count: 20_000))
        XCTAssertTrue(file.withBytes { $0.allSatisfy { $0 == 7 } })
    }

    /// At once: opening a FIFO that nobody writes would wait for ever.
    func testWhatIsNoFile() throws {
        XCTAssertEqual(mkfifo(folder + "/fifo", 0o600), 0)
        XCTAssertEqual(message { _ = try InputFile(self.folder + "/fifo") }, "not a regular file")
        XCTAssertEqual(message { _ = try InputFile("/dev/zero") }, "not a regular file")
        XCTAssertEqual(message { _ = try InputFile(self.folder) }, "is a folder")
        XCTAssertEqual(message { _ = try InputFile(self.folder + "/none") }, "No such file or directory")
        XCTAssertEqual(message { _ = try InputFile(self.folder + "/none\0.jpg") }, "a name with a zero byte")
        let sparse = try write("sparse", [])
        XCTAssertEqual(truncate(sparse, 1 << 40), 0)
        XCTAssertEqual(message { _ = try InputFile(sparse) }, "File too large")
    }
}
