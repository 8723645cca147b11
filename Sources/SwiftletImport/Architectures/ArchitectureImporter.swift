import SwiftletArchitectures
import SwiftletGraph
import SwiftletRuntime

/// Makes a `Network` of a built-in architecture. Its input is 224 x 224 x 3 in the order and normalization that the weights were trained
/// with, its output the logits.
package struct ArchitectureImporter {
    package var architecture: Architecture

    package init(_ architecture: Architecture) {
        self.architecture = architecture
    }

    /// - Throws: `UnknownArchitecture`, which lists the names there are.
    package init(named name: String) throws(UnknownArchitecture) {
        guard let architecture = Architecture.named(name) else { throw UnknownArchitecture(name: name) }
        self.architecture = architecture
    }

    /// The network with seeded random weights (see `RandomWeights`) and the architecture's own number of classes.
    package func network(seed: UInt64) -> Network {
        assemble(architecture, source: RandomParameters(seed: seed)).network
    }

    /// The network with a checkpoint's weights, batch normalization folded. There are as many classes as the classifier's weight has
    /// outputs.
    /// - Parameter weights: by the names that the architecture's family gives them: PaddleClas' and torchvision's state-dict names, or
    ///   timm's for torchvision's networks, those of efficientnet-lite-pytorch for EfficientNet-Lite. Names that end in
    ///   num_batches_tracked are ignored.
    /// - Throws: `WeightsMismatch`, which lists every tensor that is missing, superfluous or of the wrong shape.
    package func network(weights: [String: WeightTensor]) throws(WeightsMismatch) -> Network {
        var architecture = architecture
        let isTimm = architecture.family == .torchvision && TimmNames.areUsed(in: weights)
        let weights = isTimm ? TimmNames.renamed(weights, for: architecture) : weights
        architecture.classes = classes(in: weights) ?? architecture.classes
        let epsilon = isTimm ? TimmNames.normEpsilon : architecture.family.normEpsilon
        let source = CheckpointParameters(architecture: architecture, tensors: weights, normEpsilon: epsilon)
        let assembly = assemble(architecture, source: source)
        if let mismatch = assembly.source.mismatch() { throw mismatch }
        return assembly.network
    }

    /// What weights are taken for where their names alone do not tell, as one line; nil where they do.
    package func assumption(_ weights: [String: WeightTensor]) -> String? {
        guard architecture.family == .torchvision, TimmNames.areUsed(in: weights) else { return nil }
        return "by their names timm's mobilenetv3_*_100; weights of tf_mobilenetv3_* are called alike, but pad otherwise: export these to "
            + "ONNX"
    }

    /// The names of the built-in architectures that the weights are those of.
    package static func fitting(_ weights: [String: WeightTensor]) -> [String] {
        Architecture.names.filter { (try? ArchitectureImporter(named: $0).network(weights: weights)) != nil }
    }

    private func classes(in weights: [String: WeightTensor]) -> Int? {
        let names = ParameterNames(ArchitectureLayer(role: .classifier, inputs: 0, outputs: 0), of: architecture)
        guard let tensor = weights[names.weight], tensor.shape.count == 2 else { return nil }
        let outputs = tensor.shape[names.isTransposed ? 1 : 0]
        // An empty tensor may have any number in its shape.
        return 1...max(1, tensor.values.count) ~= outputs ? outputs : nil
    }

    private func assemble<Source: LayerParameterSource>(_ architecture: Architecture, source: Source) -> NetworkAssembly<Source> {
        var assembly = NetworkAssembly(name: architecture.name, source: source)
        let input = assembly.input(size: architecture.inputSize)
        assembly.finish(output: architecture.walk(&assembly, input: input))
        return assembly
    }
}

package struct UnknownArchitecture: Error, Equatable, CustomStringConvertible {
    package let name: String

    package var description: String {
        "there is no architecture \(name); known are " + Architecture.names.joined(separator: ", ")
    }
}
