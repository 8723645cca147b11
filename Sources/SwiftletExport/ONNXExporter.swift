import Foundation
import SwiftProtobuf
import SwiftletGraph
import SwiftletImport
import SwiftletRuntime

/// Writes a lowered model as ONNX (opset 13): float32 operators as they are, int8 ones between QuantizeLinear and DequantizeLinear.
///
/// What a DequantizeLinear of an activation gives counts steps of the grid, q - zero, not real values: the factors after a convolution, or
/// its weights, carry the scales of all channels, so that one scale, 1, and one zero point a tensor are enough. Where channels have zero
/// points of their own, a constant is added before QuantizeLinear and taken away after DequantizeLinear, in float32: QuantizeLinear with an
/// axis is what some runtimes take for per-tensor.
///
/// The graph is exact unless it is to be fused: operations are those of the kernels, on integers that float32 holds, in their order. One
/// value in a million that is rounded to another step is after ten layers a step in most.
package struct ONNXExporter {
    package struct Options: Sendable {
        /// Puts back the softmax, log-softmax, sigmoid or argmax that an output ended in.
        package var keepsHeads = true
        /// Lets scales be DequantizeLinear's, as other runtimes ask for before they put int8 kernels in place of its neighbors, at the
        /// price of values that are rounded to another step.
        package var isFused = false
        /// Writes weights as int8 instead of uint8 with the zero point 128.
        package var signedWeights = false

        package init() {}
    }

    let model: ModelBuilder
    let options: Options
    var graph: GraphWriter
    /// By tensor of the model, the value that holds it: uint8 (q + 128), or float32, [N][C][H][W].
    private var values: [Int: String] = [:]

    private static let batch = Dimension.free("N")
    /// ONNX 1.8, which opset 13 came with.
    private static let version: (format: Int64, operators: Int64) = (7, 13)

    /// - Parameter model: one that the reader takes.
    package init(_ model: ModelBuilder, _ options: Options = Options()) {
        (self.model, self.options) = (model, options)
        graph = GraphWriter(name: model.name)
    }

    /// The file's bytes.
    /// - Throws: `ExportError` naming an operator that ONNX cannot express.
    package mutating func bytes() throws -> Data { try run().serializedData() }

    package mutating func run() throws -> ONNX_ModelProto {
        addInput()
        // Outputs have the source's names, so that these are given before any operator's.
        let outputs = model.outputs.map { (output: $0, name: graph.name($0.name.isEmpty ? model.tensors[$0.tensor].name : $0.name)) }
        for operation in model.operators { values[operation.output] = try export(operation) }
        for (output, name) in outputs { add(output, name) }
        var file = ONNX_ModelProto()
        (file.irVersion, file.producerName, file.producerVersion) = (ONNXExporter.version.format, Graph.exportProducer, Version.current)
        var operators = ONNX_OperatorSetIdProto()
        operators.version = ONNXExporter.version.operators
        file.opsetImport = [operators]
        file.graph = graph.graph
        file.metadataProps = ModelMetadata(model).entries
        return file
    }

    /// Shape and grid of a tensor.
    func tensor(_ number: Int) -> TensorDescription { model.tensors[number] }
    func value(_ number: Int) -> String { values[number]! }

    private mutating func addInput() {
        let input = tensor(model.input)
        let name = graph.name(input.name)
        graph.addInput(
            name, type: .float, shape: [ONNXExporter.batch, .size(input.channels), .size(input.height), .size(input.width)])
        values[model.input] = name
        guard input.type == .int8 else { return }
        let offsets = model.inputOffsets.isEmpty ? (0..<input.channels).map { Float(input.zero($0)) } : model.inputOffsets
        values[model.input] = quantized(
            name, factors: (0..<input.channels).map { 1 / input.scale($0) }, offsets: offsets, to: input, name: input.name)
    }

    private mutating func add(_ output: OutputDescription, _ name: String) {
        let shape = tensor(output.tensor)
        let real = realValue(output.tensor)
        guard shape.isVector else {
            graph.add("Identity", [real], output: name)
            graph.addOutput(
                name, type: .float, shape: [ONNXExporter.batch, .size(shape.channels), .size(shape.height), .size(shape.width)])
            return
        }
        let (type, attributes) = head(output.head)
        guard let type else {
            graph.add("Flatten", [real], output: name, [.int("axis", 1)])
            graph.addOutput(name, type: .float, shape: [ONNXExporter.batch, .size(shape.channels)])
            return
        }
        let logits = graph.node("Flatten", [real], name: "\(name)/logits", [.int("axis", 1)])
        graph.add(type, [logits], output: name, attributes)
        let count = output.head.count(of: shape.channels)
        graph.addOutput(name, type: output.head == .argMax ? .int64 : .float, shape: [ONNXExporter.batch, .size(count)])
    }

    /// The operator that an output ends in; nil where there is none, or it is left off, as a top-k always is: how many it takes is not in
    /// the file.
    private func head(_ head: OutputHead) -> (String?, [ONNX_AttributeProto]) {
        guard options.keepsHeads else { return (nil, []) }
        switch head {
        case .none, .topK: return (nil, [])
        case .softmax: return ("Softmax", [.int("axis", 1)])
        case .logSoftmax: return ("LogSoftmax", [.int("axis", 1)])
        case .sigmoid: return ("Sigmoid", [])
        case .argMax: return ("ArgMax", [.int("axis", 1), .int("keepdims", 1)])
        }
    }
}
