/// Mean and variance of each channel of a map, over pictures and positions, as far as they can be told without running the network:
/// channels count as independent and normally distributed.
package struct ChannelMoments: Sendable {
    package var mean: [Float]
    package var variance: [Float]

    /// Correlation taken for the positions under one window.
    static let neighborCorrelation: Float = 0.5
    /// What part of a channel's variance is taken to lie between the means of pictures, measured on photographs.
    static let pooledVariance: Float = 0.15

    package init(mean: [Float], variance: [Float]) {
        self.mean = mean
        self.variance = variance
    }

    /// A normalized picture.
    package static var picture: ChannelMoments {
        ChannelMoments(mean: [Float](repeating: 0, count: 3), variance: [Float](repeating: 1, count: 3))
    }

    /// The sum of this map and an independent one.
    func adding(_ other: ChannelMoments) -> ChannelMoments {
        ChannelMoments(mean: zip(mean, other.mean).map { $0 + $1 }, variance: zip(variance, other.variance).map { $0 + $1 })
    }

    /// After an activation, by Gauss-Hermite quadrature with seven points, which polynomials to degree 13 pass exactly.
    func after(_ activation: LayerActivation) -> ChannelMoments {
        guard activation != .linear else { return self }
        var result = self
        for c in mean.indices {
            let deviation = variance[c].squareRoot()
            var first: Float = 0
            var second: Float = 0
            for (node, weight) in Self.quadrature {
                for x in node == 0 ? [mean[c]] : [mean[c] - node * deviation, mean[c] + node * deviation] {
                    let y = activation.value(x)
                    first += weight * y
                    second += weight * y * y
                }
            }
            result.mean[c] = first
            result.variance[c] = max(second - first * first, 0)
        }
        return result
    }

    /// The means over positions.
    package var pooled: ChannelMoments {
        ChannelMoments(mean: mean, variance: variance.map { $0 * Self.pooledVariance })
    }

    /// Times an independent gate a channel.
    package func gated(by gate: ChannelMoments) -> ChannelMoments {
        var result = self
        for c in mean.indices {
            let square = (variance[c] + mean[c] * mean[c]) * (gate.variance[c] + gate.mean[c] * gate.mean[c])
            result.mean[c] = mean[c] * gate.mean[c]
            result.variance[c] = max(square - result.mean[c] * result.mean[c], 0)
        }
        return result
    }

    /// Nodes (both signs) and weights for the standard normal distribution.
    private static var quadrature: [(node: Float, weight: Float)] {
        [(0, 0.457_142_86), (1.154_405_4, 0.240_123_18), (2.366_759_4, 0.030_757_124), (3.750_439_7, 0.000_548_268_9)]
    }
}

extension LayerActivation {
    func value(_ x: Float) -> Float {
        switch self {
        case .linear: x
        case .relu: max(x, 0)
        case .relu6: min(max(x, 0), 6)
        case .hardSwish: x * min(max(x + 3, 0), 6) / 6
        case .hardSigmoid(let slope, let offset): min(max(x * slope + offset, 0), 1)
        }
    }
}
