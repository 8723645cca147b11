/// What a network does to its input by itself, before anything else: (x - mean) / std, and so which values it is made for.
package struct InputScaling: Sendable, Equatable {
    /// What the input's values are.
    package enum Expectation: Sendable, Equatable {
        /// 0 to 255.
        case pixels
        /// 0 to 1.
        case unit
        /// Nothing tells: values that are normalized already, as a rule.
        case unknown
    }

    /// In the input's units: one value a channel of the input, or one for all.
    package var mean: [Double]
    /// In the input's units, negative where the input is inverted: one value a channel of the input, or one for all.
    package var std: [Double]
    /// The input's elements are integers, which normalized values cannot be.
    package var takesIntegers: Bool

    package init(mean: [Double] = [0], std: [Double] = [1], takesIntegers: Bool = false) {
        (self.mean, self.std, self.takesIntegers) = (mean, std, takesIntegers)
    }

    /// What the input's values have to be for the values behind the scaling to be what networks work on.
    package var expectation: Expectation {
        if takesIntegers || InputScaling.normalizes(mean, std) { return .pixels }
        let isCentered = mean.allSatisfy { (0.2...0.8).contains($0) } && std.allSatisfy { (0.05...1.05).contains(abs($0)) }
        // To pixels, which are centered or scaled behind that, or taken as they are.
        let isToPixels = mean.allSatisfy { (-0.05...1.05).contains($0) } && std.allSatisfy { (1.0 / 300...1.0 / 200).contains(abs($0)) }
        return isCentered || isToPixels ? .unit : .unknown
    }

    /// Whether pixels that are normalized by `mean` and `std` and then by this scaling are what networks work on.
    /// - Parameters: one value a channel, in pixel units.
    package func suits(mean first: [Float], std firstStd: [Float]) -> Bool {
        let channels = first.indices
        let mean = channels.map { Double(first[$0]) + Double(firstStd[$0]) * self.mean[self.mean.count == 1 ? 0 : $0] }
        let std = channels.map { Double(firstStd[$0]) * self.std[self.std.count == 1 ? 0 : $0] }
        let isRaw = mean.allSatisfy { abs($0) < 0.5 } && std.allSatisfy { abs($0 - 1) < 0.02 }
        return InputScaling.normalizes(mean, std) || isRaw
    }

    /// Whether (x - mean) / std brings pixels to a few units around 0 or 1 (from x / 255 to ImageNet's deviations), or takes the mean
    /// color away, as Caffe's models have it.
    private static func normalizes(_ mean: [Double], _ std: [Double]) -> Bool {
        if mean.allSatisfy({ (-16...160).contains($0) }) && std.allSatisfy({ (16...1000).contains(abs($0)) }) { return true }
        return mean.allSatisfy { (64...192).contains($0) } && std.allSatisfy { (0.5...2).contains(abs($0)) }
    }
}
