/// Puts pixels where the model's own quantization does, to the last one. A model divides by the scale, the runtime multiplies by its
/// reciprocal; and where a scale was made for pixels, many of them lie in the middle between two steps, where the last bit decides.
struct InputFit {
    /// Last bits of the scale that are tried, each way.
    private static let mostSteps: Int32 = 48
    /// Parts of a step that are tried beside the zero point.
    private static let shifts: [Float] = [0, 0x1p-16, -0x1p-16, 0x1p-13, -0x1p-13]

    /// The grid for the input tensor alone: its scales and zero points differ from `grid` by less than anybody could tell elsewhere.
    /// - Parameters: one value a channel.
    static func grid(_ grid: Grid, mean: [Float], std: [Float]) -> Grid {
        guard grid.offsets.isEmpty, !mean.isEmpty, mean.count == std.count else { return grid }
        var result = Grid(scales: [], zeros: [], offsets: [])
        for channel in mean.indices {
            let (scale, zero) = (grid.scale(channel), grid.zero(channel))
            let values = (0..<256).map { (Float($0) - mean[channel]) / std[channel] }
            let wanted = values.map { clamped(($0 / scale).rounded(.toNearestOrEven) + Float(zero)) }
            var best = (misses: 257, scale: scale, offset: Float(zero))
            search: for shift in shifts {
                for bits in (0...2 * mostSteps).map({ ($0 + 1) / 2 * ($0 % 2 == 0 ? 1 : -1) }) {
                    let tried = Float(bitPattern: UInt32(Int32(bitPattern: scale.bitPattern) + bits))
                    let (inverse, offset) = (1 / tried, Float(zero) + shift)
                    let misses = values.indices.count { clamped((values[$0] * inverse + offset).rounded(.toNearestOrEven)) != wanted[$0] }
                    if misses < best.misses { best = (misses, tried, offset) }
                    if misses == 0 { break search }
                }
            }
            result.scales.append(best.scale)
            result.zeros.append(zero)
            result.offsets.append(best.offset)
        }
        if result.offsets == result.zeros.map(Float.init) { result.offsets = [] }
        return result
    }

    private static func clamped(_ code: Float) -> Float { min(max(code, -128), 127) }
}
