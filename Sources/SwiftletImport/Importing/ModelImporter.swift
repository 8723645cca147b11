import SwiftletGraph

/// What a model file holds.
package enum ImportedModel {
    /// A network as the file has it; nothing is rewritten yet: see `Graph.network()`.
    case graph(Graph)
    /// A network's weights by name, without the network: they belong to a built-in architecture.
    case weights([String: WeightTensor])
    /// A network that is int8 already: with the FP32 weights that it implies, and the grids that it came with.
    case quantized(Graph, PublishedQuantization)
}

/// A format of model files. `Importers.all` lists them; docs/adding-an-importer.md is the recipe for one more.
package protocol ModelImporter {
    /// The format's name, as `inspect` prints it.
    static var format: String { get }
    /// How names of such files end, in lower case and without the dot. Only asked where no content is recognized.
    static var suffixes: [String] { get }
    /// The largest file that is read, in bytes.
    static var largestFile: Int { get }
    /// Whether the content is of this format, whatever the file is called. Looks at its structure, not at all of it.
    static func recognizes(_ file: SourceFile) -> Bool
    /// Reads the file.
    /// - Parameter inputSize: height and width for a model that leaves them open.
    /// - Throws: an error whose description is one line and names the file.
    static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel
    /// Whether models have their weights in another file, which `SourceFile.weights` may name.
    static var takesWeights: Bool { get }
    /// Which of the names in a folder is the model, if one is that says so by its name.
    static func model(among names: [String]) -> String?
    /// What files beside the model say of pictures and classes; nil where the format has no such files.
    /// - Throws: as `read`.
    static func conventions(of file: SourceFile) throws -> ModelConventions?
}

extension ModelImporter {
    package static var takesWeights: Bool { false }
    package static func model(among names: [String]) -> String? { nil }
    package static func conventions(of file: SourceFile) throws -> ModelConventions? { nil }
}
