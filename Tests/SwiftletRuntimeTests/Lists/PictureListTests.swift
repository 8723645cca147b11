import Foundation
import XCTest

@testable import SwiftletRuntime

/// Lists and folders of pictures in the forms that people have.
final class PictureListTests: XCTestCase {
    private var folder = ""

    override func setUpWithError() throws {
        folder = NSTemporaryDirectory() + "/lists-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws { try FileManager.default.removeItem(atPath: folder) }

    @discardableResult
    private func write(_ name: String, _ text: String = "") throws -> String {
        let file = URL(fileURLWithPath: folder + "/" + name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    private func described(_ list: PictureList) -> [String] {
        list.entries.map { "\($0.name)|\($0.path.replacingOccurrences(of: folder, with: "F"))|\($0.label.map(String.init) ?? "-")" }
    }

    func testForms() throws {
        let cases: [(String, [String])] = [
            ("file,class\na.jpg,3\n", ["a.jpg|F/a.jpg|3"]),
            ("\u{FEFF}file,class\r\n\"a, b.jpg\",3\r\n\r\n\"q\"\"q.jpg\",0", ["a, b.jpg|F/a, b.jpg|3", "q\"q.jpg|F/q\"q.jpg|0"]),
            ("\"file\",\"class\"\r/x/a.jpg,3", ["/x/a.jpg|/x/a.jpg|3"]),
            ("a b.jpg 12\nc.jpg   0 \n", ["a b.jpg|F/a b.jpg|12", "c.jpg|F/c.jpg|0"]),
            ("n01/a.jpg\t7\n", ["n01/a.jpg|F/n01/a.jpg|7"]),
            ("a 1.jpg\nb 2\n", ["a 1.jpg|F/a 1.jpg|-", "b 2|F/b 2|-"]),
        ]
        for (text, expected) in cases {
            XCTAssertEqual(described(try PictureList.read(try write("list", text))), expected, text)
        }
        XCTAssertEqual(described(try PictureList.list(folder + "/list", root: "R")), ["a 1.jpg|R/a 1.jpg|-", "b 2|R/b 2|-"])
    }

    func testErrors() throws {
        let cases = [
            ("", "lists no pictures"), ("file,class\n", "lists no pictures"), ("file,class\na.jpg\n", "line 2: needs a file name, a comma"),
            ("file,class\n\"a.jpg,3\n", "line 2"), ("file,class\na.jpg,-1\n", "line 2"), ("file,class\na.jpg,9999999999\n", "line 2"),
            ("a.jpg 1\nb.jpg\n", "line 2: needs a file name, a space"), ("a\0.jpg\n", "line 1: a NUL byte"),
            (String(repeating: "x", count: 5000), "line 1: 5000 bytes"),
        ]
        for (text, message) in cases {
            let path = try write("list", text)
            XCTAssertThrowsError(try PictureList.read(path), text) { error in
                XCTAssertTrue("\(error)".contains(message) && "\(error)".hasPrefix(path), "\(error)")
            }
        }
    }

    /// A CSV's pictures lie in the folder of its name, where there is one.
    func testFolderBesideACSV() throws {
        let list = try write("set.csv", "file,class\na.jpg,3\n")
        try write("set/a.jpg")
        XCTAssertEqual(described(try PictureList.read(list)), ["a.jpg|F/set/a.jpg|3"])
    }

    func testClassFolders() throws {
        for name in ["b/2.jpg", "a-c/1.PNG", "a/deep/1.ppm", "a/0.jpg", "a/x.webp", "a/notes.txt", "a/.DS_Store"] { try write(name) }
        let list = try PictureList.read(folder)
        XCTAssertEqual(list.classFolders, ["a", "a-c", "b"])
        XCTAssertEqual(list.entries.map { "\($0.name) \($0.label ?? -1)" }, ["a-c/1.PNG 1", "a/0.jpg 0", "a/deep/1.ppm 0", "b/2.jpg 2"])
        let leftOut = list.leftOut.map(\.message)
        XCTAssertEqual(leftOut.count, 3)
        for text in ["a/.DS_Store: its name", "a/notes.txt: its name", "a/x.webp: pictures of its kind"] {
            XCTAssertTrue(leftOut.contains { $0.contains(text) }, "\(leftOut)")
        }
        XCTAssertNil(list.classFoldersNote("F", 3))
        XCTAssertTrue(list.classFoldersNote("F", 4)?.hasSuffix("classes: 0 a, 1 a-c, 2 b") ?? false)
        XCTAssertNoThrow(try list.requireClasses("F", 3))
        XCTAssertThrowsError(try list.requireClasses("F", 2)) { XCTAssertTrue("\($0)".contains("3 class folders"), "\($0)") }
        try write("loose.jpg")
        XCTAssertEqual(try PictureList.read(folder).entries.compactMap(\.label), [])
    }

    func testASinglePicture() throws {
        let path = try write("picture", "P6\n1 1\n255\nabc")
        XCTAssertEqual(try PictureList.read(path).entries.map(\.path), [path])
        // A list, though it begins as a picture does.
        XCTAssertEqual(described(try PictureList.read(try write("list", "P6/1.jpg\n"))), ["P6/1.jpg|F/P6/1.jpg|-"])
    }

    func testCSVFields() {
        XCTAssertEqual(CSVLine.fields("a,,\"b\""), ["a", "", "b"])
        XCTAssertEqual(CSVLine.fields(""), [""])
        XCTAssertNil(CSVLine.fields("\"a\"b"))
        XCTAssertNil(CSVLine.fields("\"a"))
    }
}
