import SwiftletArchitectures
import SwiftletRuntime

@testable import SwiftletImport

/// A checkpoint of an architecture with numbers that tell where they come from: value i of a tensor is `base + i * step`.
struct FamilyWeights: ArchitectureVisitor {
    let architecture: Architecture
    private(set) var tensors: [String: WeightTensor] = [:]

    static func make(_ architecture: Architecture) -> [String: WeightTensor] {
        var weights = FamilyWeights(architecture: architecture)
        architecture.walk(&weights, input: ())
        return weights.tensors
    }

    private init(architecture: Architecture) {
        self.architecture = architecture
    }

    mutating func convolution(_ layer: ArchitectureLayer, _ x: Void, residual: Void?) {
        let names = ParameterNames(layer, of: architecture)
        add(names.weight, names.shape, base: -0.01, step: 1e-5)
        if layer.hasBias { add(names.bias, [layer.outputs], base: 0.5, step: 0.001) }
        guard layer.hasBatchNorm else { return }
        add(names.gamma, [layer.outputs], base: 1, step: 0.01)
        add(names.beta, [layer.outputs], base: -0.2, step: 0.01)
        add(names.mean, [layer.outputs], base: 0.1, step: -0.01)
        add(names.variance, [layer.outputs], base: 0.5, step: 0.02)
    }

    func globalPool(_ x: Void, name: String, channels: Int, size: Int) {}

    func multiply(_ x: Void, gate: Void, name: String, channels: Int, size: Int) {}

    private mutating func add(_ name: String, _ shape: [Int], base: Float, step: Float) {
        let values = (0..<shape.reduce(1, *)).map { base + Float($0 % 4096) * step }
        precondition(tensors.updateValue(WeightTensor(shape: shape, values: values), forKey: name) == nil, "two tensors called \(name)")
    }
}
