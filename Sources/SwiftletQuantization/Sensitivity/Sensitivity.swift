import SwiftletGraph
import SwiftletRuntime

/// What one layer's quantization costs.
package struct LayerSensitivity: Sendable, Codable, Equatable {
    /// As the network has it; the table operator of an activation that was split off belongs to its layer.
    package var name: String
    /// KL of the logits to the FP32 network's with this layer alone in int8, nats.
    package var divergence: Double
    /// What its weights would take more in FP32.
    package var floatBytes: Int
}

/// Quantizes one layer at a time and measures the logits. Nothing is calibrated anew: a layer is as `quantize` made it.
package struct Sensitivity: Sendable {
    /// Pictures to measure on; ordering layers needs few.
    package static let pictures = 32

    let network: Network
    let set: CalibrationSet
    let threads: Int

    package init(_ network: Network, on set: CalibrationSet, threads: Int) {
        self.network = network
        self.set = set
        self.threads = max(1, threads)
    }

    /// - Parameter progress: called with the share done, 0 to 1, and the name of the layer that comes next.
    /// - Returns: the layers that are in int8, the costliest first.
    package func run(_ quantized: QuantizedNetwork, progress: (Double, String) -> Void = { _, _ in }) throws -> [LayerSensitivity] {
        let runner = NetworkRunner(set: set, threads: threads)
        let pictures = evenlySpaced(min(Self.pictures, set.count), of: set.count)
        let reference = try runner.logits(try lowerFloat(network), pictures: pictures)
        let names = quantized.int8Layers
        var result: [LayerSensitivity] = []
        for (index, name) in names.enumerated() {
            progress(Double(index) / Double(names.count), name)
            let only = quantized.inFloat { $0 != name }
            let logits = try runner.logits(try lowerInt8(network, only), pictures: pictures)
            let divergence = LogitsDistance(reference: reference, other: logits).divergence
            result.append(LayerSensitivity(name: name, divergence: divergence, floatBytes: quantized.floatBytes(name)))
        }
        progress(1, "")
        // Stable, so that equal layers keep the network's order on every machine.
        return result.enumerated().sorted { ($1.element.divergence, $0.offset) < ($0.element.divergence, $1.offset) }.map(\.element)
    }

    /// Both networks' logits, on the whole set.
    package func distance(_ quantized: QuantizedNetwork) throws -> LogitsDistance {
        let runner = NetworkRunner(set: set, threads: threads)
        let all = Array(0..<set.count)
        return LogitsDistance(
            reference: try runner.logits(try lowerFloat(network), pictures: all),
            other: try runner.logits(try lowerInt8(network, quantized), pictures: all))
    }

    /// Median time of an inference of a lowered network on one thread of this machine, milliseconds.
    package func milliseconds(_ builder: ModelBuilder) throws -> Double {
        try NetworkRunner(set: set, threads: 1).milliseconds(builder)
    }
}

extension QuantizedNetwork {
    /// Names of the layers that compute in int8, in the network's order.
    var int8Layers: [String] {
        var known: Set<String> = []
        return layers.indices.filter { !layers[$0].isFloat }.map(layerName).filter { known.insert($0).inserted }
    }

    /// The same network with the layers that `isKept` takes computed by their FP32 weights.
    func inFloat(_ isKept: (String) -> Bool) -> QuantizedNetwork {
        var copy = self
        for index in layers.indices where !layers[index].isFloat && isKept(layerName(index)) {
            copy.layers[index] = QuantizedLayer(isFloat: true, operation: floatOperator(network.layers[index]))
        }
        return copy
    }

    func floatBytes(_ name: String) -> Int {
        layers.indices.filter { layerName($0) == name }.reduce(0) { $0 + 3 * layers[$1].operation.weights.count }
    }

    private func layerName(_ index: Int) -> String {
        let name = network.layers[index].name
        return name.hasSuffix(Preparation.activationSuffix) ? String(name.dropLast(Preparation.activationSuffix.count)) : name
    }
}
