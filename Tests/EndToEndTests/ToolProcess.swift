import Foundation
import XCTest

/// A run of one of the built tools, which lie beside the test program.
struct ToolProcess {
    let status: Int32
    let output: String
    let errors: String

    static let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// - Parameters:
    ///   - environment: joins this process's own.
    ///   - input: what is on standard input; nil: nothing.
    init(_ tool: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil) throws {
        try self.init(path: ToolProcess.folder.appendingPathComponent(tool).path, arguments, environment: environment, input: input)
    }

    init(path: String, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil) throws {
        let scratch = try Scratch()
        let (outputFile, errorFile) = (scratch.path("out"), scratch.path("err"))
        for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, since a full pipe that nobody reads would stop the tool.
        process.standardOutput = FileHandle(forWritingAtPath: outputFile)
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        process.standardInput = FileHandle.nullDevice
        if let input {
            try input.write(to: URL(fileURLWithPath: scratch.path("in")))
            process.standardInput = FileHandle(forReadingAtPath: scratch.path("in"))
        }
        try process.run()
        process.waitUntilExit()
        status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        output = try String(contentsOfFile: outputFile, encoding: .utf8)
        errors = try String(contentsOfFile: errorFile, encoding: .utf8)
    }

    var errorLines: [Substring] { errors.split(separator: "\n") }
    /// Those that say more than which preprocessing was assumed.
    var remarks: [Substring] { errorLines.filter { !$0.hasPrefix("quantize: assumed ") } }
    var lines: [Substring] { output.split(separator: "\n") }
}

func swiftlet(_ arguments: String..., environment: [String: String] = [:]) throws -> ToolProcess {
    try ToolProcess("swiftlet", arguments, environment: environment)
}

func quantize(_ arguments: String...) throws -> ToolProcess {
    try ToolProcess("quantize", arguments)
}

/// That a run stopped with `status` and one line on standard error that has `text` in it, and printed nothing.
func assertStops(
    _ run: ToolProcess, _ status: Int32, _ text: String, file: StaticString = #filePath, line: UInt = #line
) {
    XCTAssertEqual(run.status, status, run.errors, file: file, line: line)
    XCTAssertEqual(run.errorLines.count, 1, run.errors, file: file, line: line)
    XCTAssertTrue(run.errors.contains(text), "'\(run.errors)' lacks '\(text)'", file: file, line: line)
    XCTAssertEqual(run.output, "", file: file, line: line)
}

/// A folder that goes when the object does.
final class Scratch: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/swiftlet-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func path(_ name: String) -> String { folder + "/" + name }
    func content(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }
    /// Of all files in it.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder) } }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
        return path(name)
    }

    /// A binary PPM whose colors follow from `seed`.
    @discardableResult
    func writePicture(_ name: String, height: Int = 240, width: Int = 300, seed: Int) throws -> String {
        var data = Data("P6\n\(width) \(height)\n255\n".utf8)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    data.append(UInt8(truncatingIfNeeded: (x * (seed + channel)) / 3 + y * (seed % 5 + 1) + x * y / 64))
                }
            }
        }
        try data.write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }
}
