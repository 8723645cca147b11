import CPlatform
import Foundation
import XCTest

/// Files are replaced whole or not at all, and nothing but files.
final class WriteFileTests: XCTestCase {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)").path

    override func setUpWithError() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDown() {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func path(_ name: String) -> String { folder + "/" + name }
    private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    private func write(_ name: String, _ text: String) -> Int32 {
        var text = text
        return text.withUTF8 { sp_write_file(path(name), $0.baseAddress, $0.count) }
    }

    private func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }

    func testPermissionsAreKept() throws {
        let mask = umask(0o027)
        defer { umask(mask) }
        XCTAssertEqual(write("a", "one"), 0)
        XCTAssertEqual(try permissions("a"), 0o640)
        XCTAssertEqual(chmod(path("a"), 0o604), 0)
        XCTAssertEqual(write("a", "two"), 0)
        XCTAssertEqual(try text("a"), "two")
        XCTAssertEqual(try permissions("a"), 0o604)
        XCTAssertEqual(try names(), ["a"])
    }

    func testLinksStay() throws {
        XCTAssertEqual(write("a", "one"), 0)
        try FileManager.default.createDirectory(atPath: path("inner"), withIntermediateDirectories: true)
        XCTAssertEqual(symlink("../a", path("inner/link")), 0)
        XCTAssertEqual(symlink("inner/link", path("link")), 0)
        XCTAssertEqual(write("link", "two"), 0)
        XCTAssertEqual(try text("a"), "two")
        XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: path("link")), "inner/link")
        XCTAssertEqual(symlink("new", path("dangling")), 0)
        XCTAssertEqual(write("dangling", "three"), 0)
        XCTAssertEqual(try text("new"), "three")
        XCTAssertEqual(symlink("loop", path("loop")), 0)
        XCTAssertEqual(write("loop", ""), ELOOP)
        XCTAssertEqual(try names(), ["a", "dangling", "inner", "link", "loop", "new"])
    }

    func testOnlyFilesAreReplaced() throws {
        XCTAssertEqual(mkfifo(path("fifo"), 0o600), 0)
        try FileManager.default.createDirectory(atPath: path("folder"), withIntermediateDirectories: true)
        XCTAssertEqual(symlink("/dev/null", path("device")), 0)
        XCTAssertEqual(write("fifo", "x"), Int32(SP_NOT_REGULAR))
        XCTAssertEqual(write("device", "x"), Int32(SP_NOT_REGULAR))
        XCTAssertEqual(write("folder", "x"), EISDIR)
        XCTAssertEqual(write("none/", "x"), EISDIR)
        XCTAssertEqual(write("none/a", "x"), ENOENT)
        XCTAssertEqual(try names(), ["device", "fifo", "folder"])
    }

    func testLongestName() throws {
        let name = String(repeating: "n", count: 255)
        XCTAssertEqual(write(name, "one"), 0)
        XCTAssertEqual(write(name, "two"), 0)
        XCTAssertEqual(try text(name), "two")
        XCTAssertEqual(write(name + "n", "x"), ENAMETOOLONG)
        XCTAssertEqual(try names(), [name])
    }

    /// A process that is ended in the middle of writing leaves the old file, and no other. It is this one's child, since `swiftlet` writes
    /// too quickly.
    func testSignalsTakeTheTemporaryFileAlong() throws {
        typealias Fork = @convention(c) () -> Int32
        let fork = unsafeBitCast(try XCTUnwrap(dlsym(dlopen(nil, RTLD_NOW), "fork")), to: Fork.self)
        let count = 256 << 20
        let zeros = mmap(nil, count, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        defer { munmap(zeros, count) }
        for number in [SIGTERM, SIGINT, SIGHUP] {
            XCTAssertEqual(write("out", "before"), 0)
            let target = path("out")
            let child = target.withCString { target in
                let child = fork()
                if child == 0 {
                    signal(number, SIG_DFL)
                    _exit(sp_write_file(target, zeros, count))
                }
                return child
            }
            while try names().count < 2, kill(child, 0) == 0 {}
            kill(child, number)
            var status: Int32 = 0
            XCTAssertEqual(waitpid(child, &status, 0), child)
            XCTAssertEqual(status & 0x7F, number)
            XCTAssertEqual(try names(), ["out"])
            XCTAssertEqual(try text("out"), "before")
        }
    }
}
