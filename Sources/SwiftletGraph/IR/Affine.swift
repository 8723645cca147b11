/// y = x * scale + shift; one element (for all channels) or one a channel. Doubles, because several are often merged before they are
/// rounded into weights.
package struct Affine: Sendable, Equatable {
    package var scale: [Double]
    package var shift: [Double]

    package init(scale: [Double] = [1], shift: [Double] = [0]) {
        self.scale = scale
        self.shift = shift
    }

    /// Batch normalization at inference: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, all of one length
    /// (Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167).
    package static func batchNormalization(gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float) -> Affine {
        var affine = Affine(scale: [], shift: [])
        for channel in gamma.indices {
            let scale = Double(gamma[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
            affine.scale.append(scale)
            affine.shift.append(Double(beta[channel]) - Double(mean[channel]) * scale)
        }
        return affine
    }

    /// Scale and shift when all channels have the same.
    var scalar: (scale: Double, shift: Double)? {
        guard let s = scale.first, let t = shift.first, scale.allSatisfy({ $0 == s }), shift.allSatisfy({ $0 == t }) else { return nil }
        return (s, t)
    }

    /// The numbers it holds.
    var size: Int { scale.count + shift.count }

    var isShiftFree: Bool { shift.allSatisfy { $0 == 0 } }

    /// Close enough to y = x that a single-precision result cannot tell.
    var isIdentity: Bool {
        scale.allSatisfy { abs($0 - 1) < 1e-6 } && isShiftFree
    }

    /// The number of channels, nil when the same for any number.
    var channels: Int? {
        let count = max(scale.count, shift.count)
        return count == 1 ? nil : count
    }

    func scale(_ channel: Int) -> Double { scale.count == 1 ? scale[0] : scale[channel] }
    func shift(_ channel: Int) -> Double { shift.count == 1 ? shift[0] : shift[channel] }

    /// x -> next(self(x)); nil when the channel counts differ.
    func followed(by next: Affine) -> Affine? {
        if let mine = channels, let other = next.channels, mine != other { return nil }
        let count = channels ?? next.channels ?? 1
        return Affine(
            scale: (0..<count).map { scale($0) * next.scale($0) },
            shift: (0..<count).map { shift($0) * next.scale($0) + next.shift($0) })
    }
}
