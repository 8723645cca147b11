@testable import SwiftletImport

/// Files beside a model that exist in memory alone.
struct MemoryFiles: NeighborFiles {
    var files: [String: [UInt8]]

    func names(in folder: String) -> [String] { files.keys.sorted() }

    func read(_ path: String, atMost most: Int) throws -> [UInt8] {
        guard let bytes = files[path], bytes.count <= most else { throw UnknownFormat(path, "no such file") }
        return bytes
    }
}
