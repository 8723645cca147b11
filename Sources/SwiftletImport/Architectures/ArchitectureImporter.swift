import SwiftletArchitectures
import SwiftletGraph
import SwiftletRuntime

/// Makes a `Network` of a built-in architecture. Its input is 224 x 224 x 3 in the order and normalization that the weights were trained
/// with, its output the logits.
package struct ArchitectureImporter {
    package var architecture: Architecture
    /// The timm network that was asked for by its name.
    private let named: TimmNetwork?

    package init(_ architecture: Architecture) {
        self.architecture = architecture
        named = nil
    }

    /// - Parameter name: a built-in architecture's, or that of a timm network with the layers of one.
    /// - Throws: `UnknownArchitecture`, which lists the names there are.
    package init(named name: String) throws(UnknownArchitecture) {
        let network = TimmNetwork.all.first { $0.name == name && $0.architecture != name }
        guard var architecture = Architecture.named(network?.architecture ?? name) else { throw UnknownArchitecture(name: name) }
        network?.adopt(&architecture)
        self.architecture = architecture
        named = network
    }

    /// The network with seeded random weights (see `RandomWeights`) and the architecture's own number of classes.
    package func network(seed: UInt64) -> Network {
        assemble(architecture, source: RandomParameters(seed: seed)).network
    }

    /// The network with a checkpoint's weights, batch normalization folded. There are as many classes as the classifier's weight has
    /// outputs.
    /// - Parameter weights: by the names that the architecture's family gives them: PaddleClas' and torchvision's state-dict names, those
    ///   of efficientnet-lite-pytorch for EfficientNet-Lite, or timm's for either of the latter two. Names that end in
    ///   num_batches_tracked are ignored.
    /// - Throws: `WeightsMismatch`, which lists every tensor that is missing, superfluous or of the wrong shape.
    package func network(weights: [String: WeightTensor]) throws(WeightsMismatch) -> Network {
        var architecture = architecture
        let timm = timm(for: weights)
        timm?.adopt(&architecture)
        let weights = timm == nil ? weights : TimmNames.renamed(weights, for: architecture)
        architecture.classes = classes(in: weights) ?? architecture.classes
        let epsilon = timm?.normEpsilon ?? architecture.family.normEpsilon
        let source = CheckpointParameters(architecture: architecture, tensors: weights, normEpsilon: epsilon)
        let assembly = assemble(architecture, source: source)
        if let mismatch = assembly.source.mismatch() { throw mismatch }
        return assembly.network
    }

    /// The timm network that weights are taken for, by their names or the one that was asked for; nil where they are the family's own.
    package func timm(for weights: [String: WeightTensor]) -> TimmNetwork? {
        TimmNames.areUsed(in: weights) ? named ?? TimmNetwork.usual(for: architecture) : named
    }

    /// What weights are taken for where their names alone do not tell, as one line; nil where they do.
    package func assumption(_ weights: [String: WeightTensor]) -> String? {
        guard named == nil, let timm = timm(for: weights) else { return nil }
        return "by their names timm's \(timm.name); weights of tf_\(timm.name) are called alike, but pad otherwise: "
            + "--arch tf_\(timm.name) takes those"
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

    private var names: [String] {
        let builtIn = Architecture.names
        return builtIn + TimmNetwork.all.map(\.name).filter { !builtIn.contains($0) }
    }

    package var description: String {
        "there is no architecture \(name); known are " + names.joined(separator: ", ")
    }
}
