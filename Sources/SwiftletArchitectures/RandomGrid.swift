/// Scales and zero points that hold what a random network's values are expected to be. Vectors have one pair for all channels.
struct RandomGrid {
    private(set) var scales: [Float] = []
    private(set) var zeros: [Int8] = []

    /// All channels from `low` to `high`.
    init(from low: Float, to high: Float, channels: Int) {
        for _ in 0..<channels { append(low, high) }
    }

    /// Four deviations below the mean, five above it, where values pile up at an activation's lower end; not beyond what it can give.
    init(_ moments: ChannelMoments, _ activation: LayerActivation, isVector: Bool) {
        let limits = activation.range
        var (lowest, highest): (Float, Float) = (0, 0)
        for c in moments.mean.indices {
            let deviation = moments.variance[c].squareRoot()
            let low = max(limits.low, moments.mean[c] - 4 * deviation)
            let high = min(limits.high, moments.mean[c] + 5 * deviation)
            if isVector {
                lowest = min(lowest, low)
                highest = max(highest, high)
            } else {
                append(low, high)
            }
        }
        if isVector { append(lowest, highest) }
    }

    /// Zero is always on the grid: it is what padding stands for.
    private mutating func append(_ low: Float, _ high: Float) {
        let low = min(low, 0)
        // A channel that is always zero has a grid too.
        let scale = max(max(high, 0) - low, 1e-3) / 255
        scales.append(scale)
        zeros.append(Int8(-128 + Int((-low / scale) + 0.5)))
    }
}

extension LayerActivation {
    /// The values that the function can have.
    var range: (low: Float, high: Float) {
        switch self {
        case .linear: (-.infinity, .infinity)
        case .relu: (0, .infinity)
        case .relu6: (0, 6)
        case .hardSwish: (-0.375, .infinity)
        case .hardSigmoid: (0, 1)
        }
    }
}
