import SwiftletImport
import SwiftletRuntime

/// A file that has been read once: a model for boards, or one to import.
enum ModelFile {
    case slet(Model)
    case source(SourceModelFile)

    /// - Throws: where it cannot be read, is a damaged .slet file, or is one that no importer takes.
    /// - Parameters:
    ///   - path: of a file, or of a folder with a model in it.
    ///   - weights: as for `SourceModelFile`.
    static func open(_ path: String, weights: String? = nil) throws(ToolError) -> ModelFile {
        let path = try ModelFolder.model(path)
        let bytes = try InputFile.read(path, atMost: Importers.largestFile)
        // Told by its first bytes, and a damaged one by its name.
        guard Model.recognizes(bytes) || path.hasSuffix(".slet") else { return .source(try SourceModelFile(path, bytes, weights: weights)) }
        if weights != nil { throw .usage("--weights belongs to --arch; \(path) has its own") }
        return .slet(try ToolError.wrapping(.badInput, path) { try Model(bytes: bytes) })
    }
}

/// A model file to import, and the importer that takes it.
struct SourceModelFile {
    let source: SourceFile
    let importer: any ModelImporter.Type
    private let files = DiskFiles()

    /// - Parameters:
    ///   - path: of a file, or of a folder with a model in it.
    ///   - weights: the file that holds its weights; nil for a model that has them, or finds them beside it.
    /// - Throws: where it cannot be read, or no importer takes it.
    init(_ path: String, weights: String? = nil) throws(ToolError) {
        let path = try ModelFolder.model(path)
        try self.init(path, try InputFile.read(path, atMost: Importers.largestFile), weights: weights)
    }

    fileprivate init(_ path: String, _ bytes: [UInt8], weights: String?) throws(ToolError) {
        let source = SourceFile(path: path, bytes: bytes, weights: weights, neighbors: files)
        self.source = source
        let importer = try ToolError.wrapping(.badInput, path) { try Importers.importer(for: source) }
        self.importer = importer
        if weights != nil, !importer.takesWeights { throw .usage("--weights belongs to --arch; \(path) has its own") }
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

    /// The files beside it that were read.
    var companions: [(path: String, hash: String)] { files.companions }

    /// What files beside it say of pictures and classes.
    func conventions() throws(ToolError) -> ModelConventions? {
        let conventions = try ToolError.wrapping(.badInput, path) { try importer.conventions(of: source) }
        if let conventions, let file = conventions.source {
            try ChannelValues.check(mean: conventions.preprocessing.mean, std: conventions.preprocessing.std, "\(file): ")
        }
        return conventions
    }

    func read(inputSize: (height: Int, width: Int)?) throws(ToolError) -> ImportedModel {
        try ToolError.wrapping(.badInput, path) { try importer.read(source, inputSize: inputSize) }
    }
}
