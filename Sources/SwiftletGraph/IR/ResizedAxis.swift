/// One axis of a map that is resized.
///
/// Linear interpolation by a ratio of small numbers is a constant convolution of nearest neighbors: the map's positions, each repeated
/// `parts` times, summed over windows of `parts` of them. A window's ends count by the part of them that lies in it. (Two boxes convolved
/// are a triangle.)
struct ResizedAxis {
    /// The map's positions that are taken, in this order.
    var positions: [Int]
    /// What neighbors among these are weighted with for one position of the result; [1] where they are the result.
    var weights: [Float] = [1]
    /// Between the windows of two neighbors of the result.
    var stride = 1

    /// The most parts that a position is divided in: a convolution of so many products an axis is worth it.
    private static let mostParts = 16

    /// The axis as a `ResizeAttributes` describes it.
    fileprivate struct Description {
        var size: Int
        var result: Int
        /// The result's size over the map's, as the model gives it.
        var scale: Float
        var coordinates: ResizeAttributes.Coordinates
    }

    /// - Parameters:
    ///   - size, result: positions before and after, at least 1.
    ///   - scale: result / size where the model does not give it.
    /// - Returns: nil for linear interpolation by other than a ratio of small numbers.
    init?(size: Int, result: Int, scale: Float?, _ attributes: ResizeAttributes) {
        let axis = Description(
            size: size, result: result, scale: scale ?? Float(result) / Float(size), coordinates: attributes.coordinates)
        if attributes.isLinear {
            guard let linear = ResizedAxis(linear: axis) else { return nil }
            self = linear
        } else {
            positions = (0..<result).map { min(max(axis.nearest(to: $0, attributes.rounding), 0), size - 1) }
        }
    }

    private init?(linear axis: Description) {
        guard let ratio = axis.ratio(mostParts: Self.mostParts) else { return nil }
        let (step, parts) = ratio
        let offset = axis.coordinates.offset(step: Double(step), parts: Double(parts), isFirst: axis.result == 1)
        let first = Int(offset.rounded(.down))
        let fraction = Float(offset - offset.rounded(.down))
        let whole = [Float](repeating: 1 / Float(parts), count: parts)
        weights = fraction == 0 ? whole : zip([0] + whole, whole + [0]).map { $0 * fraction + $1 * (1 - fraction) }
        // Where one position is the result, no window has to be skipped.
        let (taken, apart) = weights.count == 1 ? (axis.result, step) : (step * (axis.result - 1) + weights.count, 1)
        stride = weights.count == 1 ? 1 : step
        positions = (0..<taken).map { index in
            let part = first + index * apart
            return min(max(part >= 0 ? part / parts : -1, 0), axis.size - 1)
        }
    }
}

extension ResizedAxis.Description {
    /// The position of the map that is nearest to position `index` of the result; beyond the map's ends where there is none. In single
    /// precision, as ONNX Runtime computes it.
    fileprivate func nearest(to index: Int, _ rounding: ResizeAttributes.Rounding) -> Int {
        let place = place(of: Float(index))
        switch rounding {
        case .preferFloor: return Int(place == place.rounded(.down) + 0.5 ? place.rounded(.down) : place.rounded())
        case .preferCeiling: return Int(place.rounded())
        case .floor: return Int(place.rounded(.down))
        case .ceiling: return Int(place.rounded(.up))
        case .byDirection: return Int(place.rounded(scale < 1 ? .up : .down))
        }
    }

    private func place(of index: Float) -> Float {
        switch coordinates {
        case .pytorchHalfPixel where result == 1: 0
        case .halfPixel, .pytorchHalfPixel: (index + 0.5) / scale - 0.5
        case .alignCorners: result == 1 ? 0 : index * Float(size - 1) / Float(result - 1)
        case .asymmetric: index / scale
        case .halfPixelForNearest: (index + 0.5) / scale
        }
    }

    /// How far the map's position moves from one position of the result to the next: `step` / `parts`. nil where that takes more parts.
    fileprivate func ratio(mostParts: Int) -> (step: Int, parts: Int)? {
        if coordinates == .alignCorners {
            guard size > 1, result > 1 else { return (1, 1) }
            let divisor = Self.greatestCommonDivisor(size - 1, result - 1)
            return (result - 1) / divisor <= mostParts ? ((size - 1) / divisor, (result - 1) / divisor) : nil
        }
        for parts in 1...mostParts {
            let step = (Float(parts) / scale).rounded()
            if step >= 1, step <= Float(Window.limit), abs(step * scale - Float(parts)) <= 1e-6 * Float(parts) { return (Int(step), parts) }
        }
        return nil
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        return x
    }
}

extension ResizeAttributes.Coordinates {
    /// Where the result's first position lies in the map, times `parts`.
    /// - Parameter isFirst: the result has no other.
    fileprivate func offset(step: Double, parts: Double, isFirst: Bool) -> Double {
        switch self {
        case .pytorchHalfPixel where isFirst: 0
        case .halfPixel, .pytorchHalfPixel: (step - parts) / 2
        case .alignCorners, .asymmetric: 0
        case .halfPixelForNearest: step / 2
        }
    }
}
