/// Puts pixels where the model's own quantization does, to the last one. A model divides by the scale, the runtime multiplies by its
/// reciprocal; and where a scale was made for pixels, many of them lie in the middle between two steps, where the last bit decides.
struct InputFit {
    /// Last bits of the scale that are tried, each way.
    private static let mostSteps: Int32 = 24

    /// The grid for the input tensor alone: its scales differ from the model's in last bits.
    private(set) var grid: Grid
    /// Whether that puts every pixel where the model does.
    private(set) var isExact = true
    /// By channel, where the model puts each of the 256 pixels.
    private let codes: [[Float]]

    /// - Parameters:
    ///   - mean, std: one value a channel.
    init(_ model: Grid, mean: [Float], std: [Float]) {
        grid = Grid(scales: [], zeros: [])
        var codes: [[Float]] = []
        for channel in mean.indices {
            let (scale, zero) = (model.scale(channel), model.zero(channel))
            let values = (0..<256).map { (Float($0) - mean[channel]) / std[channel] }
            let wanted = values.map { Self.clamped(($0 / scale).rounded(.toNearestOrEven) + Float(zero)) }
            let tried = (0...2 * Self.mostSteps).lazy.map { number in
                let bits = (number + 1) / 2 * (number % 2 == 0 ? 1 : -1)
                return Float(bitPattern: UInt32(Int32(bitPattern: scale.bitPattern) + bits))
            }
            let fitting = tried.first { scale in
                let inverse = 1 / scale
                return zip(values, wanted).allSatisfy { Self.clamped(($0 * inverse + Float(zero)).rounded(.toNearestOrEven)) == $1 }
            }
            isExact = isExact && fitting != nil
            grid.scales.append(fitting ?? scale)
            grid.zeros.append(zero)
            codes.append(wanted)
        }
        self.codes = codes
    }

    /// For each pixel of each channel, or of all where they are alike, where the model puts it: as a table operator has it.
    var table: [UInt8] {
        let rows = codes.allSatisfy { $0 == codes[0] } ? codes.prefix(1) : codes[...]
        return rows.flatMap { $0.map { UInt8($0 + 128) } }
    }

    private static func clamped(_ code: Float) -> Float { min(max(code, -128), 127) }
}
