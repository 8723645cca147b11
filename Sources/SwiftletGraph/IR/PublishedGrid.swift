/// A grid that a model came with which is int8 already: x = (q - zero point) * scale, lowest <= q <= highest.
package struct PublishedGrid: Sendable, Equatable {
    /// What happens to halves when values are put on a grid.
    package enum Rounding: Sendable, Equatable {
        case halfToEven, halfAwayFromZero
    }

    /// Scales up to this are none: what they stand for is 0.
    package static let vanishing: Float = 1e-30

    /// One for all values, or one for each index along `axis`.
    package var scales: [Float]
    /// As many as there are scales.
    package var zeroPoints: [Int]
    /// Among the axes as the file has them; may count from the last, which is -1. nil where there is one scale.
    package var axis: Int?
    package var lowest: Int
    package var highest: Int
    package var rounding: Rounding

    package init(
        scales: [Float], zeroPoints: [Int], axis: Int? = nil, lowest: Int, highest: Int, rounding: Rounding = .halfToEven
    ) {
        (self.scales, self.zeroPoints, self.lowest, self.highest, self.rounding) = (scales, zeroPoints, lowest, highest, rounding)
        self.axis = scales.count > 1 ? axis : nil
    }

    package var isPerAxis: Bool { scales.count > 1 }
    /// Every value is put on 0, as by the scale of a tensor that no picture made fire.
    package var isNothing: Bool { scales.allSatisfy { $0 <= Self.vanishing } }

    /// The least and the largest value of a channel.
    package func ends(_ channel: Int) -> (low: Float, high: Float) {
        let (scale, zero) = (scales[isPerAxis ? channel : 0], zeroPoints[isPerAxis ? channel : 0])
        return (Float(lowest - zero) * scale, Float(highest - zero) * scale)
    }

    /// What a sum on this grid cannot leave: values below 0, or above 6 where the grid ends there. Converters leave out the activation that
    /// does the same.
    package var impliedActivation: Activation? {
        guard !isPerAxis, !isNothing, zeroPoints[0] == lowest else { return nil }
        return abs(ends(0).high - 6) < 0.06 ? .clip(low: 0, high: 6) : .relu
    }

    /// Whether both stand for the same values, however these are numbered.
    package func hasValues(of other: PublishedGrid) -> Bool {
        guard scales == other.scales, axis == other.axis else { return false }
        return zip(zeroPoints, other.zeroPoints).allSatisfy { lowest - $0 == other.lowest - $1 && highest - $0 == other.highest - $1 }
    }

    /// What `codes` stand for, in row-major order of `shape`.
    package func dequantized(_ codes: [Float], shape: [Int]) -> [Float] {
        let inner = innerCount(shape)
        return codes.indices.map { index in
            let channel = isPerAxis ? index / inner % scales.count : 0
            return value(Double(codes[index]), channel)
        }
    }

    /// `values` put on the grid and taken back, in row-major order of `shape`.
    package func rounded(_ values: [Float], shape: [Int]) -> [Float] {
        let inner = innerCount(shape)
        return values.indices.map { index in
            let channel = isPerAxis ? index / inner % scales.count : 0
            guard scales[channel] > Self.vanishing else { return 0 }
            let rule: FloatingPointRoundingRule = rounding == .halfToEven ? .toNearestOrEven : .toNearestOrAwayFromZero
            let code = (Double(values[index]) / Double(scales[channel])).rounded(rule) + Double(zeroPoints[channel])
            return value(min(max(code, Double(lowest)), Double(highest)), channel)
        }
    }

    /// An int32 less a zero point may need more than the 24 bits of a float.
    private func value(_ code: Double, _ channel: Int) -> Float {
        Float((code - Double(zeroPoints[channel])) * Double(scales[channel]))
    }

    /// How many elements lie behind one index of the axis.
    private func innerCount(_ shape: [Int]) -> Int {
        guard isPerAxis, let axis else { return 1 }
        return shape[((axis < 0 ? axis + shape.count : axis) + 1)...].reduce(1, *)
    }
}
