import SwiftletGraph

/// Quantizes a network that came with grids, by these alone: no picture is needed. Weights become the file's own integers.
///
/// A tensor without a grid gets one if what is known bounds its values closely: an activation with two ends, what the file saw of it, or
/// arithmetic on values with grids. Else, or where that is not wanted, it stays in FP32, as the layers do that make and read it.
package struct PublishedQuantizer {
    private let network: Network
    private let settings: QuantizationSettings
    /// Of the input where it came without a grid.
    private let input: CalibrationSet.InputRange
    private let derivesGrids: Bool

    package init(_ network: Network, input: CalibrationSet.InputRange, floatLayers: [String] = [], derivesGrids: Bool = false) {
        (self.network, self.input, self.derivesGrids) = (network, input, derivesGrids)
        settings = QuantizationSettings(floatLayers: floatLayers)
    }

    /// - Throws: `QuantizationError` naming the layer.
    package func run() throws -> PublishedResult {
        let prepared = try Preparation(settings: settings).run(network)
        var walk = PublishedWalk(prepared, settings: settings, derivesGrids: derivesGrids)
        try walk.begin(input)
        for index in prepared.network.layers.indices { try walk.visit(index) }
        return walk.result
    }
}
