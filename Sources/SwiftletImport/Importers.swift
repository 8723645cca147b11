import SwiftletGraph

/// Every format that can be read, and which of them a file is.
package enum Importers {
    package static var all: [any ModelImporter.Type] {
        [
            ONNXImporter.self,
            PyTorchImporter.self,
            SafetensorsImporter.self,
            PaddleImporter.self,
            PaddleCheckpointImporter.self,
            TFLiteImporter.self,
        ]
    }

    /// The largest file that any format has, in bytes.
    package static let largestFile = all.map { $0.largestFile }.max() ?? 0

    /// The model among the names in a folder; nil where none can be told.
    package static func model(among names: [String]) -> String? { all.lazy.compactMap { $0.model(among: names) }.first }

    /// Whether the file's content is a model's.
    package static func recognizes(_ file: SourceFile) -> Bool { all.contains { $0.recognizes(file) } }

    /// The importer that takes the file: by its content, else by its name.
    /// - Throws: `UnknownFormat`, which says what the file looks like and what to do with it; also where it is larger than its format
    ///   allows.
    package static func importer(for file: SourceFile) throws(UnknownFormat) -> any ModelImporter.Type {
        guard let importer = try chosen(file) else {
            throw UnknownFormat(file.path, "no model that is known: \(all.map { $0.format }.joined(separator: ", ")) can be read")
        }
        guard file.bytes.count <= importer.largestFile else {
            throw UnknownFormat(file.path, "\(file.bytes.count) bytes; \(importer.format) has at most \(importer.largestFile)")
        }
        return importer
    }

    private static func chosen(_ file: SourceFile) throws(UnknownFormat) -> (any ModelImporter.Type)? {
        guard !file.bytes.isEmpty else { throw UnknownFormat(file.path, "the file is empty") }
        if let importer = all.first(where: { $0.recognizes(file) }) { return importer }
        if let foreign = ForeignFormat.all.first(where: { $0.matches(file) }) {
            throw UnknownFormat(file.path, "\(foreign.name): \(foreign.advice)")
        }
        return all.first { $0.suffixes.contains(file.suffix) }
    }
}
