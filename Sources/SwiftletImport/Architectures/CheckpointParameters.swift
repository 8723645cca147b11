import SwiftletArchitectures
import SwiftletGraph
import SwiftletRuntime

/// Takes a network's parameters out of named tensors and notes everything that does not fit.
struct CheckpointParameters: LayerParameterSource {
    private let architecture: Architecture
    private let tensors: [String: WeightTensor]
    private let normEpsilon: Float
    private var used: Set<String> = []
    private var problems: [String] = []

    /// - Parameter normEpsilon: of batch normalization, which depends on who trained the weights.
    init(architecture: Architecture, tensors: [String: WeightTensor], normEpsilon: Float) {
        self.architecture = architecture
        self.normEpsilon = normEpsilon
        self.tensors = tensors
    }

    // A checkpoint's parameters do not depend on what the layer reads.
    var picture: Void { () }
    func pooled(_ x: Void) {}
    func gated(_ x: Void, by gate: Void) {}

    mutating func parameters(for layer: ArchitectureLayer, input: Void, residual: Void?) -> (parameters: LayerParameters, output: Void) {
        (parameters(for: layer), ())
    }

    private mutating func parameters(for layer: ArchitectureLayer) -> LayerParameters {
        let names = ParameterNames(layer, of: architecture)
        var weights = layoutForNetwork(tensor(names.weight, shape: names.shape), layer, isTransposed: names.isTransposed)
        if layer.inputScale != 1 { weights = weights.map { $0 * layer.inputScale } }
        let bias = layer.hasBias ? tensor(names.bias, shape: [layer.outputs]) : [Float](repeating: 0, count: layer.outputs)
        guard layer.hasBatchNorm else { return LayerParameters(weights: weights, bias: bias) }
        let normalization = Affine.batchNormalization(
            gamma: tensor(names.gamma, shape: [layer.outputs]), beta: tensor(names.beta, shape: [layer.outputs]),
            mean: tensor(names.mean, shape: [layer.outputs]), variance: tensor(names.variance, shape: [layer.outputs]),
            epsilon: normEpsilon)
        return LayerParameters(weights: weights, bias: bias, normalization: normalization)
    }

    /// Every tensor that was missing, of the wrong shape, or never asked for; nil when the checkpoint is the architecture's.
    func mismatch() -> WeightsMismatch? {
        var all = problems
        for name in tensors.keys.sorted() where !used.contains(name) && !name.hasSuffix("num_batches_tracked") {
            all.append("superfluous \(name) \(tensors[name]!.shape)")
        }
        return all.isEmpty ? nil : WeightsMismatch(architecture: architecture.name, problems: all)
    }

    /// Zeros where the tensor does not fit: the walk goes on, so that all problems are found.
    private mutating func tensor(_ name: String, shape: [Int]) -> [Float] {
        used.insert(name)
        let count = shape.reduce(1, *)
        guard let tensor = tensors[name] else {
            problems.append("missing \(name) \(shape)")
            return [Float](repeating: 0, count: count)
        }
        guard tensor.shape == shape, tensor.values.count == count else {
            problems.append("\(name) is \(tensor.shape), not \(shape)")
            return [Float](repeating: 0, count: count)
        }
        return tensor.values
    }

    private func layoutForNetwork(_ values: [Float], _ layer: ArchitectureLayer, isTransposed: Bool) -> [Float] {
        if isTransposed { return transposed(values, rows: layer.inputs, columns: layer.outputs) }
        let positions = layer.kernel * layer.kernel
        guard positions > 1, layer.inputsPerGroup > 1 else { return values }
        let perOutput = positions * layer.inputsPerGroup
        var result = [Float]()
        result.reserveCapacity(values.count)
        for output in 0..<layer.outputs {
            let start = output * perOutput
            result += transposed(Array(values[start..<start + perOutput]), rows: layer.inputsPerGroup, columns: positions)
        }
        return result
    }

    private func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
        var result = [Float]()
        result.reserveCapacity(values.count)
        for column in 0..<columns {
            for row in 0..<rows { result.append(values[row * columns + column]) }
        }
        return result
    }
}

/// A checkpoint that does not belong to the architecture it is loaded into.
package struct WeightsMismatch: Error, Equatable, CustomStringConvertible {
    package let architecture: String
    /// One a tensor, in the order of the network, then the superfluous ones.
    package let problems: [String]

    /// Names the first twenty.
    package var description: String {
        let listed = problems.prefix(20).joined(separator: "; ")
        let rest = problems.count > 20 ? "; and \(problems.count - 20) more" : ""
        return "the weights do not fit \(architecture) (\(problems.count) tensors): \(listed)\(rest)"
    }
}
