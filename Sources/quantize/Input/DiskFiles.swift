import Foundation
import SwiftletImport

/// The files beside a model, as `InputFile` reads them.
final class DiskFiles: NeighborFiles {
    /// What was read, in order.
    private(set) var companions: [(path: String, hash: String)] = []

    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []).sorted()
    }

    func read(_ path: String, atMost most: Int) throws -> [UInt8] {
        let bytes = try InputFile.read(path, atMost: most)
        if !companions.contains(where: { $0.path == path }) { companions.append((path, SHA256.digest(bytes))) }
        return bytes
    }
}
