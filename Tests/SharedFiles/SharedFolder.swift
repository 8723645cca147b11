import Foundation
import XCTest

/// Files that lie beside the repository: SWIFTLET_SHARED or, failing that, ../shared beside the package.
package enum SharedFolder {
    /// - Throws: a skip that says what is not there.
    package static func file(_ path: String) throws -> URL {
        let root: URL
        if let named = ProcessInfo.processInfo.environment["SWIFTLET_SHARED"] {
            root = URL(fileURLWithPath: named)
        } else {
            var package = URL(fileURLWithPath: #filePath)
            for _ in 0..<3 { package.deleteLastPathComponent() }
            root = package.deletingLastPathComponent().appendingPathComponent("shared")
        }
        let file = root.appendingPathComponent(path)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw XCTSkip("needs \(path) of the shared folder (SWIFTLET_SHARED)")
        }
        return file
    }

    /// The values of a .npy file of float32 in C order.
    /// - Throws: a skip that says what is not there.
    package static func floats(_ path: String) throws -> [Float] { try floats(at: file(path)) }

    /// The same of any such file.
    package static func floats(at file: URL) throws -> [Float] {
        let data = try Data(contentsOf: file)
        XCTAssertNotNil(data.prefix(128).range(of: Data("'<f4', 'fortran_order': False".utf8)), file.path)
        return data.dropFirst(128).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }

    /// The content of a file that is compressed, unpacked by gzip.
    /// - Throws: a skip that says what is not there.
    package static func unpacked(_ path: String) throws -> [UInt8] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", try file(path).path]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, path)
        return [UInt8](data)
    }

    /// - Throws: a skip that says what is not there.
    package static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: file(path))) }
}
