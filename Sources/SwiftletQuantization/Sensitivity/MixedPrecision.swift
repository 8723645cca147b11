import SwiftletGraph

/// Keeps the fewest layers in FP32 that bring the estimated loss of top-1 below an aim: one more at a time, the costliest first, each set
/// of them calibrated anew.
package struct MixedPrecision: Sendable {
    /// Beyond this share of the layers a model is no longer an int8 one.
    static let largestShare = 0.5

    package struct Result: Sendable {
        package var quantized: QuantizedNetwork
        /// Layers kept for the aim, the costliest first; those that the settings name are not among them.
        package var kept: [LayerSensitivity]
        /// The distance to the FP32 network on the calibration set, before and after.
        package var before: LogitsDistance
        package var after: LogitsDistance
        /// Points; whether `after.estimatedLoss` keeps to it.
        package var aim: Double
        package var isReached: Bool
        /// On one thread of this machine, all int8 and as it is now.
        package var milliseconds: (before: Double, after: Double)
    }

    let network: Network
    let set: CalibrationSet
    let settings: QuantizationSettings
    let threads: Int

    package init(_ network: Network, on set: CalibrationSet, settings: QuantizationSettings, threads: Int) {
        self.network = network
        self.set = set
        self.settings = settings
        self.threads = threads
    }

    /// - Parameters:
    ///   - quantized: the network with these settings.
    ///   - maxLoss: points of top-1.
    package func run(
        _ quantized: QuantizedNetwork, maxLoss: Double, progress: @Sendable (Double, String) -> Void = { _, _ in }
    ) throws -> Result {
        let sensitivity = Sensitivity(network, on: set, threads: threads)
        let before = try sensitivity.distance(quantized)
        var result = Result(
            quantized: quantized, kept: [], before: before, after: before, aim: maxLoss, isReached: before.estimatedLoss <= maxLoss,
            milliseconds: (0, 0))
        guard !result.isReached else { return result }

        let order = try sensitivity.run(quantized, progress: progress)
        let most = Int(Double(network.layers.count) * Self.largestShare)
        // Cheap first: layers swapped for FP32 ones without calibrating anew tell about how many it takes.
        var count = 1
        while count < min(most, order.count) {
            let kept = Set(order[..<count].map(\.name))
            if try sensitivity.distance(quantized.inFloat(kept.contains)).estimatedLoss <= maxLoss { break }
            count += 1
        }
        while true {
            var mixed = settings
            mixed.floatLayers += order[..<min(count, order.count)].map(\.name)
            result.quantized = try quantize(network, on: set, settings: mixed, threads: threads)
            result.kept = Array(order[..<min(count, order.count)])
            result.after = try sensitivity.distance(result.quantized)
            result.isReached = result.after.estimatedLoss <= maxLoss
            if result.isReached || count >= min(most, order.count) { break }
            count += max(1, count / 8)
        }
        result.milliseconds = (
            try sensitivity.milliseconds(try lowerInt8(network, quantized)),
            try sensitivity.milliseconds(try lowerInt8(network, result.quantized))
        )
        return result
    }
}
