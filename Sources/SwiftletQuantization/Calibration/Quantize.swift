import SwiftletGraph

/// Quantizes a network: calibrates activation grids, rounds weights, corrects biases.
///
/// All pictures walk through the FP32 and the quantized network side by side, layer by layer, each computed by the runtime's own kernels: a
/// layer is calibrated on the inputs that the quantized network really gives it. The result depends on the network, the set and the
/// settings alone, not on the number of threads or the machine.
/// - Parameters:
///   - threads: how many pictures to compute at once, at least 1.
///   - progress: called with the share done, 0 to 1, and the name of the layer that comes next.
/// - Throws: `QuantizationError` naming the layer; whatever `set.picture` throws.
package func quantize(
    _ network: Network, on set: CalibrationSet, settings: QuantizationSettings, threads: Int = 1,
    progress: @Sendable (Double, String) -> Void = { _, _ in }
) throws -> QuantizedNetwork {
    guard set.count > 0 else { throw QuantizationError("the calibration set is empty") }
    guard ([network.input] + network.outputs.map(\.tensor)).allSatisfy(network.tensors.indices.contains) else {
        throw QuantizationError("\(network.name): its input or output is not one of its tensors")
    }
    if case .pixels(let mean, let std) = set.inputRange {
        let channels = network.tensors[network.input].channels
        guard mean.count == channels, std.count == channels, std.allSatisfy({ $0 > 0 && $0.isFinite }), mean.allSatisfy(\.isFinite) else {
            throw QuantizationError("mean and std must have \(channels) values each, std above 0")
        }
    }
    let prepared = try Preparation(settings: settings).run(network)
    return try Calibrator(prepared, set: set, settings: settings, threads: max(1, threads)).run(progress)
}
