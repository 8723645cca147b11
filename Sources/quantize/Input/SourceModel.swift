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
    /// SHA-256 of the file; nil for random weights.
    let hash: String?
    let notes: (path: String, wish: PreprocessingWish)?
    /// What a built-in architecture was trained with.
    var usual = PreprocessingWish()

    /// What is known about the pictures it takes.
    var preprocessing: PreprocessingWish { notes?.wish.filled(from: usual) ?? usual }

    /// - Parameter inputSize: for models whose input has no fixed height and width; the notes beside the model may say it too.
    static func file(_ path: String, inputSize: (height: Int, width: Int)?) throws(ToolError) -> SourceModel {
        let notes = try ModelNotes.beside(path)
        let bytes = try InputFile.read(path, atMost: InputFile.largestModel)
        var network = try ToolError.wrapping(.badInput, path) {
            let graph = try ONNXImporter.load(
                data: bytes, file: path, folder: ONNXImporter.folder(of: path), inputSize: inputSize ?? notes?.wish.inputSize)
            let network = try graph.network()
            try network.check()
            return network
        }
        // What a file calls its graph is seldom a name: "main_graph".
        network.name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return SourceModel(network: network, origin: path, hash: SHA256.digest(bytes), notes: notes)
    }

    /// - Parameters:
    ///   - weights: a PyTorch checkpoint; nil: random weights.
    ///   - seed: of the random weights.
    static func architecture(_ name: String, weights: String?, seed: UInt64) throws(ToolError) -> SourceModel {
        let importer = try ToolError.wrapping(.usage, "--arch") { try ArchitectureImporter(named: name) }
        let usual = PreprocessingWish(usual: importer.architecture.family.preprocessing)
        guard let weights else {
            return SourceModel(network: importer.network(seed: seed), origin: name, hash: nil, notes: nil, usual: usual)
        }
        let bytes = try InputFile.read(weights, atMost: InputFile.largestCheckpoint)
        let network = try ToolError.wrapping(.badInput, weights) {
            let network = try importer.network(weights: PyTorchCheckpoint.tensors(in: [UInt8](bytes)))
            try network.check()
            return network
        }
        let notes = try ModelNotes.beside(weights)
        return SourceModel(network: network, origin: weights, hash: SHA256.digest(bytes), notes: notes, usual: usual)
    }
}
