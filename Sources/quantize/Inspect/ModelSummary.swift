import Foundation
import SwiftletArchitectures
import SwiftletGraph
import SwiftletImport
import SwiftletQuantization
import SwiftletRuntime

/// What a model file holds: as JSON by its keys, as text by `text`.
struct ModelSummary: Encodable {
    struct Unsupported: Encodable {
        let name: String
        let kind: String
        let reason: String
    }

    struct OutputLine: Encodable {
        let name: String
        /// Height, width, channels.
        let shape: [Int]
        /// What the source model does to it at the end, which is taken off.
        let head: String
    }

    struct LayerLine: Encodable {
        let name: String
        let kind: String
        /// Height, width, channels.
        let input: [Int]
        let output: [Int]
        let macs: Int
        let parameters: Int
    }

    let file: String
    let format: String
    var name = ""
    /// Whether it can become a .slet file.
    var supported = true
    var unsupported: [Unsupported] = []
    /// How often each operator occurs in the file.
    var operators: [String: Int] = [:]
    var input: [Int]?
    var classes: Int?
    var softmax: Bool?
    var outputs: [OutputLine] = []
    var macs: Int?
    var parameters: Int?
    var layers: [LayerLine] = []
    /// The program that wrote it, and its version.
    var producer: String?
    /// What of it is int8 already.
    var int8: String?
    /// What happens to its grids where it keeps them.
    var asPublished: [String]?
    /// What its own files say of pictures, as options.
    var preprocessing: String?
    /// How many names of classes its own files have.
    var labels: Int?
    /// Where it is a checkpoint: the built-in architectures that it has the weights of.
    var architectures: [String]?

    /// As text has them, a line each.
    private(set) var outputTexts: [String] = []

    enum CodingKeys: String, CodingKey {
        case file, format, name, supported, unsupported, operators, input, classes, softmax, outputs, macs, parameters, layers
        case producer, int8, asPublished, preprocessing, labels, architectures
    }

    init(file: String, format: String) {
        self.file = file
        self.format = format
    }

    /// - Parameters:
    ///   - weights: as for `SourceModelFile`.
    ///   - inputSize: for models without a fixed one.
    static func read(_ path: String, weights: String?, inputSize: (height: Int, width: Int)?) throws(ToolError) -> ModelSummary {
        let file: SourceModelFile
        switch try ModelFile.open(path, weights: weights) {
        case .slet(let model): return ModelSummary(model, file: path)
        case .source(let source): file = source
        }
        let path = file.path
        let notes = try ModelNotes.beside(path)
        var summary = ModelSummary(file: path, format: file.importer.format)
        if let conventions = try file.conventions() {
            let options = PreprocessingWish(conventions.preprocessing).options(missingIn: PreprocessingWish())
            summary.preprocessing = "\(options) (\(conventions.source ?? "usual for the format"))"
            summary.labels = conventions.labels.isEmpty ? nil : conventions.labels.count
        }
        do {
            switch try file.read(inputSize: inputSize ?? notes?.wish.inputSize) {
            case .graph(let graph): try summary.describe(graph)
            case .weights(let weights): summary.describe(weights)
            case .quantized(let graph, let grids):
                try summary.describe(graph)
                summary.describe(grids, graph)
            }
        } catch GraphError.unsupported(let nodes) {
            summary.refuse(nodes)
        } catch {
            throw ToolError(error, .badInput, path)
        }
        return summary
    }

    private init(_ model: Model, file: String) {
        self.init(file: file, format: "slet")
        name = model.name
        input = [model.inputTensor.height, model.inputTensor.width, model.inputTensor.channels]
        describeOutputs(model)
        macs = Int(model.multiplyAccumulates)
        operators = Dictionary(model.operators.map { ("\($0.kind)", 1) }, uniquingKeysWith: +)
        layers = model.operators.map { operation in
            let (from, to) = (model.tensors[operation.inputs[0]], model.tensors[operation.output])
            return LayerLine(
                name: operation.name, kind: "\(operation.kind)", input: [from.height, from.width, from.channels],
                output: [to.height, to.width, to.channels], macs: Int(operation.multiplyAccumulates),
                parameters: ModelSummary.parameters(of: operation))
        }
        parameters = layers.reduce(0) { $0 + $1.parameters }
    }

    /// Weights and biases of a convolution.
    private static func parameters(of operation: ModelOperator) -> Int {
        guard operation.kind.isConvolution else { return 0 }
        let shape = operation.shape
        return Int(shape.out_c) * (Int(shape.kernel_h) * Int(shape.kernel_w) * Int(shape.in_c / shape.groups) + 1)
    }

    private mutating func describe(_ weights: [String: WeightTensor]) {
        name = "\(weights.count) tensors"
        parameters = weights.values.reduce(0) { $0 + $1.values.count }
        let fitting = ArchitectureImporter.fitting(weights)
        architectures = fitting
        supported = !fitting.isEmpty
    }

    private mutating func describe(_ graph: Graph) throws {
        name = graph.name
        let program = "\(graph.producer) \(graph.producerVersion)".trimmingCharacters(in: .whitespaces)
        producer = program.isEmpty ? nil : program
        operators = Dictionary(graph.nodes.filter { !$0.kind.isEmpty }.map { ($0.kind, 1) }, uniquingKeysWith: +)
        try describe(try graph.network())
    }

    /// Tells what of a model that is int8 already runs as published, by doing so.
    private mutating func describe(_ quantization: PublishedQuantization, _ graph: Graph) {
        int8 = quantization.text
        if quantization.needsPictures {
            asPublished = ["its activations have no scales: only with --recalibrate"]
            return
        }
        do {
            let network = try graph.network(.everywhere)
            let pixels = [Float](repeating: 1, count: network.tensors[network.input].channels)
            let result = try PublishedQuantizer(network, input: .pixels(mean: pixels, std: pixels), derivesGrids: true).run()
            _ = try lowerInt8(network, result.quantized)
            asPublished = result.lines
        } catch GraphError.unsupported(let nodes) {
            asPublished = nodes.map { "only with --recalibrate: \($0.kind) '\($0.name)': \($0.reason)" }
        } catch {
            asPublished = ["only with --recalibrate: \(oneLine(error))"]
        }
    }

    private mutating func describeOutputs(_ model: Model) {
        classes = model.classCount
        softmax = model.endsInSoftmax
        outputs = model.outputs.map { OutputLine(name: $0.name, shape: [$0.height, $0.width, $0.channels], head: $0.head.name) }
        outputTexts = model.outputs.map { output in
            let size = output.isVector ? "\(output.channels)" : "\(output.height)x\(output.width)x\(output.channels)"
            return (model.outputs.count > 1 ? "\(output.name): " : "") + "\(size) \(output.kind)"
        }
    }

    /// Tells whether it converts by doing so: the network becomes a .slet file in single precision, and the runtime reads it.
    private mutating func describe(_ network: Network) throws {
        do {
            var builder = try lowerFloat(network)
            builder.preprocessing = Preprocessing(resize: .none, cropHeight: 0, cropWidth: 0)
            describeOutputs(try Model(bytes: builder.finish(), allowsLarge: true))
        } catch {
            supported = false
            unsupported = [Unsupported(name: network.name, kind: "network", reason: oneLine(error))]
        }
        let tensor = network.tensors[network.input]
        input = [tensor.height, tensor.width, tensor.channels]
        macs = network.macs
        parameters = network.parameters
        layers = network.statistics.map { layer in
            LayerLine(
                name: layer.name, kind: layer.kind, input: [layer.inputs[0].height, layer.inputs[0].width, layer.inputs[0].channels],
                output: [layer.output.height, layer.output.width, layer.output.channels], macs: layer.macs, parameters: layer.parameters)
        }
    }

    private mutating func refuse(_ nodes: [UnsupportedNode]) {
        supported = false
        unsupported = nodes.map { Unsupported(name: $0.name, kind: $0.kind, reason: $0.reason) }
    }
}
