import Foundation
import SwiftletRuntime

/// A file of the command line, by the name and version under which clients ask for it.
struct ModelFile: Sendable, Equatable {
    /// The file's stem.
    let name: String
    /// Files of one stem are versions 1, 2, … in the order of the command line.
    let version: String
    let path: String

    /// - Throws: where two names differ only in what an address cannot tell apart, or one is empty.
    static func list(_ paths: [String]) throws(SwiftletError) -> [ModelFile] {
        var files: [ModelFile] = []
        for path in paths {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            guard !name.isEmpty, !name.contains("/") else { throw .badInput("\(path): a model is named by its file, which has no name") }
            let version = "\(files.count { $0.name == name } + 1)"
            files.append(ModelFile(name: name, version: version, path: path))
        }
        return files
    }
}
