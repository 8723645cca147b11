import Foundation
import SwiftProtobuf
import SwiftletGraph

/// Reads ONNX models of opsets 7 to 25.
package enum ONNXImporter {
    package static let opsets = 7...25

    /// Reads a model. Nothing is rewritten yet: see `Graph.network()`.
    ///
    /// - Parameters:
    ///   - file: its name in errors.
    ///   - folder: where the files lie that hold what the model leaves out; nil for a model that has to be complete.
    ///   - inputSize: height and width for a model that leaves them open.
    /// - Throws: `ONNXError`. Operators that have no counterpart are nodes of the graph: `Graph.network()` lists them all.
    package static func load(
        bytes: [UInt8], file: String, folder: String? = nil, inputSize: (height: Int, width: Int)? = nil
    ) throws(ONNXError) -> Graph {
        try read(bytes: bytes, file: file, folder: folder, inputSize: inputSize).graph
    }

    /// The same, with the grids of a model that is int8 already.
    static func read(
        bytes: [UInt8], file: String, folder: String?, inputSize: (height: Int, width: Int)?
    ) throws(ONNXError) -> (graph: Graph, quantization: PublishedQuantization?) {
        guard ONNXFootprint.isProportionate(bytes) else {
            throw .malformed(file: file, reason: "it consists of more parts than a network has, or its protocol buffer is damaged")
        }
        let model: ONNX_ModelProto
        do {
            var options = BinaryDecodingOptions()
            options.discardUnknownFields = true
            model = try ONNX_ModelProto(serializedBytes: bytes, options: options)
        } catch {
            throw .malformed(file: file, reason: "its protocol buffer cannot be decoded")
        }
        guard model.hasGraph, !model.graph.node.isEmpty else { throw .malformed(file: file, reason: "it has no graph") }
        var reader = ONNXGraphReader(model.graph, opset: try opset(of: model, file), file: file, folder: folder)
        var graph = try reader.graph(inputSize: inputSize)
        graph.producer = ONNXMetadata.author(of: bytes) ?? model.producerName
        graph.producerVersion = graph.producer == model.producerName ? model.producerVersion : ""
        // Weights alone in integers make no model that computes in them.
        let quantization = reader.quantization.flatMap { $0.form != .dynamic && $0.activations.isEmpty ? nil : $0 }
        return (graph, quantization)
    }

    private static func opset(of model: ONNX_ModelProto, _ file: String) throws(ONNXError) -> Int {
        guard let version = model.opsetImport.first(where: { $0.domain.isEmpty || $0.domain == "ai.onnx" })?.version else {
            throw .malformed(file: file, reason: "it names no opset")
        }
        guard let opset = Int(exactly: version), opsets.contains(opset) else {
            throw .unsupportedModel(file: file, reason: "opset \(version); opsets \(opsets.lowerBound) to \(opsets.upperBound) can be read")
        }
        return opset
    }
}
