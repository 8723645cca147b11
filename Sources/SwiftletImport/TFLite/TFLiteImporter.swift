import SwiftletGraph

/// TensorFlow Lite models (LiteRT), `.tflite`: in floats, with weights in half precision or int8, or int8 throughout.
package enum TFLiteImporter: ModelImporter {
    package static let format = "TensorFlow Lite"
    package static let suffixes = ["tflite"]
    package static let largestFile = 4 << 30

    package static func recognizes(_ file: SourceFile) -> Bool { file.has(TFLiteModel.identifier, at: 4) }

    package static func read(_ file: SourceFile, inputSize: (height: Int, width: Int)?) throws -> ImportedModel {
        let (graph, quantization) = try load(bytes: file.bytes, file: file.path, inputSize: inputSize)
        return quantization.map { .quantized(graph, $0) } ?? .graph(graph)
    }

    package static func conventions(of file: SourceFile) throws -> ModelConventions? {
        var conventions = TFLiteMetadata(FileBytes(file.bytes)).conventions
        guard conventions.preprocessing.mean != nil || !conventions.labels.isEmpty || !conventions.notUnderstood.isEmpty else { return nil }
        conventions.source = file.path
        return conventions
    }

    /// Reads a model. Nothing is rewritten yet: see `Graph.network()`.
    ///
    /// - Parameters:
    ///   - file: its name in errors.
    ///   - inputSize: height and width for a model that leaves them open.
    /// - Returns: the network with the weights that the file implies; and, for a model that computes in integers, the grids that
    ///   it came with.
    package static func load(
        bytes: [UInt8], file: String, inputSize: (height: Int, width: Int)? = nil
    ) throws(TFLiteError) -> (graph: Graph, quantization: PublishedQuantization?) {
        do throws(TFLiteProblem) {
            guard bytes.dropFirst(4).starts(with: TFLiteModel.identifier.utf8) else {
                throw .malformed("\(TFLiteModel.identifier) does not stand at its fifth byte")
            }
            var builder = TFLiteGraphBuilder(try TFLiteModel(FileBytes(bytes)), fileSize: bytes.count)
            try builder.build(inputSize: inputSize)
            return (builder.graph, builder.computesInIntegers ? builder.quantization : nil)
        } catch {
            throw TFLiteError(error, file: file)
        }
    }
}
