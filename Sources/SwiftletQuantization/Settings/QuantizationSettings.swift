import SwiftletGraph

/// How a network is quantized. Each value is a technique that `quantize` runs as a pass of its own.
package struct QuantizationSettings: Sendable, Codable, Equatable {
    /// How the error of a convolution's mean output is compensated in its bias.
    package enum Bias: String, Sendable, Codable {
        case none
        /// Mean over all outputs of (FP32 - int8), on the inputs that the quantized network gives (Nagel et al. 2019, section 4.2).
        case mean
        /// The same, each output weighed by the squared slope of the activation there: what the activation flattens does not count.
        case slope
    }

    /// How an activation's range is found.
    package enum Ranges: String, Sendable, Codable {
        case minMax
        /// Min-max times one factor a tensor, the one that serves pictures best which did not set the range (two folds).
        case crossValidated
        /// The same with factors chosen by what they do to the logits' distribution: see `RangeRefinement`.
        case refined
    }

    /// How weights become integers.
    package enum Rounding: String, Sendable, Codable {
        case nearest
        /// Column by column, each error moved into the columns not yet rounded (GPTQ, Frantar et al. 2022).
        case secondOrder
    }

    /// How a convolution's weights get their step, one an output.
    package enum Steps: String, Sendable, Codable {
        /// The largest weight is 127 steps.
        case largest
        /// The one of several near it whose integers move the output least; `secondOrder` rounding alone searches.
        case searched
    }

    package var bias: Bias
    package var ranges: Ranges
    package var rounding: Rounding
    package var steps: Steps
    /// A scale and a zero point for each channel of a map; false: one pair for the whole map.
    package var perChannel: Bool
    /// Output positions, over all pictures, at which the inputs' covariances are taken; grouped convolutions take a quarter. More help more
    /// than cleverer rounding does.
    package var positions: Int
    /// Names of layers that stay in float.
    package var floatLayers: [String]
    /// Decides which positions are sampled.
    package var seed: UInt64

    package init(
        bias: Bias = .slope, ranges: Ranges = .minMax, rounding: Rounding = .nearest, steps: Steps = .largest, perChannel: Bool = true,
        positions: Int = 60_000, floatLayers: [String] = [], seed: UInt64 = 0
    ) {
        self.bias = bias
        self.ranges = ranges
        self.rounding = rounding
        self.steps = steps
        self.perChannel = perChannel
        self.positions = positions
        self.floatLayers = floatLayers
        self.seed = seed
    }

    /// Forward passes alone, no covariances: seconds.
    package static let fast = QuantizationSettings(ranges: .crossValidated)
    /// Every technique; the default.
    package static let balanced = QuantizationSettings(ranges: .refined, rounding: .secondOrder, steps: .searched, positions: 240_000)
    /// The same with covariances from four times the positions.
    package static let best = QuantizationSettings(ranges: .refined, rounding: .secondOrder, steps: .searched, positions: 960_000)

    /// "fast", "balanced" or "best"; nil for another name.
    package static func preset(named name: String) -> QuantizationSettings? {
        ["fast": fast, "balanced": balanced, "best": best][name]
    }

    /// - Throws: when the settings name a layer that the network does not have.
    package func check(_ network: Network) throws(QuantizationError) {
        let names = Set(network.layers.map(\.name))
        for name in floatLayers where !names.contains(name) {
            throw QuantizationError("the settings keep layer \(name) in float, but the network has no layer of this name")
        }
        guard positions > 0 else { throw QuantizationError("settings: positions must be above 0") }
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case bias, ranges, rounding, steps, perChannel, positions, floatLayers, seed
    }

    /// Keys left out keep their default; an unknown key is an error, since a misspelt setting must not pass for its default.
    package init(from decoder: any Decoder) throws {
        try decoder.requireKnownKeys(CodingKeys.self)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            bias: try values.decodeIfPresent(Bias.self, forKey: .bias) ?? .slope,
            ranges: try values.decodeIfPresent(Ranges.self, forKey: .ranges) ?? .minMax,
            rounding: try values.decodeIfPresent(Rounding.self, forKey: .rounding) ?? .nearest,
            steps: try values.decodeIfPresent(Steps.self, forKey: .steps) ?? .largest,
            perChannel: try values.decodeIfPresent(Bool.self, forKey: .perChannel) ?? true,
            positions: try values.decodeIfPresent(Int.self, forKey: .positions) ?? 60_000,
            floatLayers: try values.decodeIfPresent([String].self, forKey: .floatLayers) ?? [],
            seed: try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0)
    }
}
