import SwiftletRuntime

/// The int8 grid of an activation: x = (q - zero) * scale, q in [-128, 127]. One pair for all channels, or a pair a channel.
package struct Grid: Sendable, Equatable {
    package var scales: [Float]
    package var zeros: [Int8]
    /// The input's zero points before rounding, when they are fractional by design: then x = (q - offset) * scale exactly. Empty otherwise.
    package var offsets: [Float] = []

    package init(scales: [Float], zeros: [Int8], offsets: [Float] = []) {
        self.scales = scales
        self.zeros = zeros
        self.offsets = offsets
    }

    package var isPerChannel: Bool { scales.count > 1 }

    package func scale(_ channel: Int) -> Float { scales[scales.count == 1 ? 0 : channel] }
    package func zero(_ channel: Int) -> Int8 { zeros[zeros.count == 1 ? 0 : channel] }
    /// The zero point that a convolution's bias compensates: fractional where the grid has offsets.
    package func offset(_ channel: Int) -> Float {
        offsets.isEmpty ? Float(zero(channel)) : offsets[offsets.count == 1 ? 0 : channel]
    }

    /// The grid over [low, high] widened to hold 0, which padding needs. `low` and `high` must be finite and not both zero.
    /// - Returns: scale = (high - low) / 255, and the zero point rounded to the nearest integer.
    static func pair(low: Float, high: Float) -> (scale: Float, zero: Int8) {
        let (low, high) = (min(low, 0), max(high, 0))
        let scale = (high - low) / 255
        let zero = (-128 - low / scale).rounded(.toNearestOrEven)
        return (scale, Int8(max(-128, min(127, zero))))
    }

    /// The grid of 8-bit pixels normalized by mean and standard deviation: q is the pixel - 128.
    static func pixels(mean: [Float], std: [Float]) -> Grid {
        let offsets = mean.map { $0 - 128 }
        return Grid(
            scales: std.map { 1 / $0 }, zeros: offsets.map { Int8(max(-128, min(127, $0.rounded(.toNearestOrEven)))) }, offsets: offsets)
    }

    /// A pair a channel for `channels` channels.
    func expanded(_ channels: Int) -> Grid {
        Grid(
            scales: (0..<channels).map(scale), zeros: (0..<channels).map(zero),
            offsets: offsets.isEmpty ? [] : (0..<channels).map(offset))
    }

    /// The grid of the channels `selected` of a tensor that has a pair a channel; nil: of all.
    func selecting(_ selected: [Int]?) -> Grid {
        guard let selected else { return self }
        return Grid(
            scales: selected.map(scale), zeros: selected.map(zero), offsets: offsets.isEmpty ? [] : selected.map(offset))
    }

    /// The grids of tensors that are joined along the channels.
    static func joined(_ parts: [(grid: Grid, channels: Int)]) -> Grid {
        let whole = parts.map { $0.grid.expanded($0.channels) }
        let fractional = whole.contains { !$0.offsets.isEmpty }
        return Grid(
            scales: whole.flatMap(\.scales), zeros: whole.flatMap(\.zeros),
            offsets: fractional ? whole.flatMap { $0.offsets.isEmpty ? $0.zeros.map(Float.init) : $0.offsets } : [])
    }
}
