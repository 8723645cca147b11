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

    /// - Throws: a skip that says what is not there.
    package static func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: file(path))) }
}
