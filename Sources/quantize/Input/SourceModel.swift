import Foundation
import SwiftletGraph
import SwiftletImport
import SwiftletQuantization
import SwiftletRuntime

/// An FP32 model, read: from a model file, or a built-in architecture with the weights of a checkpoint or random ones.
struct SourceModel {
    let network: Network
    /// The file, or the architecture's name.
    let origin: String
    /// SHA-256 of the file, and of the files beside it that its weights are in (see `SourceModelFile.hash`); nil for random weights.
    let hash: String?
    /// The file beside it.
    let notes: ChosenPreprocessing.Statement?
    let producer: ModelProducer
    /// What the model's own files say; nil for an architecture, or a format without such files.
    var conventions: ModelConventions?
    /// The grids of a model that is int8 already.
    var quantization: PublishedQuantization?
    /// Files beside it that were read.
    var companions: [(path: String, hash: String)] = []

    /// What is said about the pictures that it takes; the first wins.
    var statements: [ChosenPreprocessing.Statement] {
        get throws(ToolError) {
            var statements = [notes].compactMap(\.self)
            if let conventions, let file = conventions.source {
                statements.append(try ChosenPreprocessing.Statement(PreprocessingWish(conventions.preprocessing), from: file))
            }
            return statements
        }
    }

    /// Whether the network keeps to these grids; else it is in floats.
    var isPublished: Bool { quantization != nil && grids != .none }
    private(set) var grids = GridUse.none

    /// - Parameters:
    ///   - weights: as for `SourceModelFile`.
    ///   - inputSize: for models whose input has no fixed height and width; the notes beside the model may say it too.
    ///   - grids: whether a model that is int8 already stays on its grids.
    static func file(
        _ path: String, weights: String?, inputSize: (height: Int, width: Int)?, grids: GridUse
    ) throws(ToolError) -> SourceModel {
        try self.file(try SourceModelFile(path, weights: weights), inputSize: inputSize, grids: grids)
    }

    /// The same for a file that has been read.
    static func file(
        _ file: SourceModelFile, inputSize: (height: Int, width: Int)?, grids: GridUse = .none
    ) throws(ToolError) -> SourceModel {
        let path = file.path
        let notes = try ModelNotes.beside(path)
        let conventions = try file.conventions()
        var (graph, quantization, network) = try ToolError.wrapping(.badInput, path) {
            () throws -> (Graph, PublishedQuantization?, Network) in
            let (graph, quantization): (Graph, PublishedQuantization?)
            switch try file.read(inputSize: inputSize ?? notes?.wish.inputSize) {
            case .graph(let read): (graph, quantization) = (read, nil)
            case .quantized(let read, let published): (graph, quantization) = (read, published)
            case .weights(let weights): throw missingNetwork(file, weights)
            }
            let network = try graph.network(quantization == nil ? .none : grids)
            try network.check()
            return (graph, quantization, network)
        }
        // What a file calls its graph is seldom a name: "main_graph".
        network.name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        var source = SourceModel(
            network: network, origin: path, hash: try file.hash(with: graph.dataFiles), notes: notes,
            producer: ModelProducer(program: graph.producer.isEmpty ? file.importer.format : graph.producer), conventions: conventions,
            quantization: quantization, companions: file.companions)
        source.grids = grids
        return source
    }

    private static func missingNetwork(_ file: SourceModelFile, _ weights: [String: WeightTensor]) -> ToolError {
        let fitting = ArchitectureImporter.fitting(weights)
        let advice = fitting.isEmpty ? "they fit no built-in architecture" : "use --arch \(fitting.joined(separator: " or ")) --weights"
        return .badInput("\(file.path): a \(file.importer.format) holds weights without their network; \(advice)")
    }

    /// - Parameters:
    ///   - weights: a file of weights; nil: random weights.
    ///   - seed: of the random weights.
    static func architecture(_ name: String, weights: String?, seed: UInt64) throws(ToolError) -> SourceModel {
        let importer = try ToolError.wrapping(.usage, "--arch") { try ArchitectureImporter(named: name) }
        let family = importer.architecture.family
        guard let weights else {
            return SourceModel(
                network: importer.network(seed: seed), origin: name, hash: nil, notes: nil, producer: .architecture(family, nil))
        }
        let file = try SourceModelFile(weights)
        let (network, timm) = try ToolError.wrapping(.badInput, weights) {
            guard case .weights(let tensors) = try file.read(inputSize: nil) else {
                throw ToolError.badInput("\(weights): holds a network of its own, not weights for --arch: give it as MODEL, without --arch")
            }
            let network = try importer.network(weights: tensors)
            try network.check()
            if let assumption = importer.assumption(tensors) { Console.error("quantize: \(weights): \(assumption)") }
            return (network, importer.timm(for: tensors))
        }
        let notes = try ModelNotes.beside(weights)
        return SourceModel(
            network: network, origin: weights, hash: try file.hash(), notes: notes, producer: .architecture(family, timm))
    }
}
