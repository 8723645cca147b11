import SwiftletImport
import SwiftletRuntime

/// A file that has been read once: a model for boards, or one to import.
enum ModelFile {
    case slet(Model)
    case source(SourceModelFile)

    /// - Throws: where it cannot be read, is a damaged .slet file, or is one that no importer takes.
    static func open(_ path: String) throws(ToolError) -> ModelFile {
        let bytes = try InputFile.read(path, atMost: Importers.largestFile)
        // Told by its first bytes, and a damaged one by its name.
        guard Model.recognizes(bytes) || path.hasSuffix(".slet") else { return .source(try SourceModelFile(path, bytes)) }
        return .slet(try ToolError.wrapping(.badInput, path) { try Model(bytes: bytes) })
    }
}

/// A model file to import, and the importer that takes it.
struct SourceModelFile {
    let source: SourceFile
    let importer: any ModelImporter.Type

    /// - Throws: where it cannot be read, or no importer takes it.
    init(_ path: String) throws(ToolError) {
        try self.init(path, try InputFile.read(path, atMost: Importers.largestFile))
    }

    init(_ path: String, _ bytes: [UInt8]) throws(ToolError) {
        let source = SourceFile(path: path, bytes: bytes)
        self.source = source
        importer = try ToolError.wrapping(.badInput, path) { try Importers.importer(for: source) }
    }

    var path: String { source.path }
    /// SHA-256 of what was read, followed by the content of the files beside it that hold its weights.
    /// - Parameter dataFiles: their paths, in the order in which they count.
    func hash(with dataFiles: [String] = []) throws(ToolError) -> String {
        var hash = SHA256()
        hash.update(source.bytes)
        for path in dataFiles { try InputFile.readParts(path) { hash.update($0) } }
        return hash.finish()
    }

    func read(inputSize: (height: Int, width: Int)?) throws(ToolError) -> ImportedModel {
        try ToolError.wrapping(.badInput, path) { try importer.read(source, inputSize: inputSize) }
    }
}
