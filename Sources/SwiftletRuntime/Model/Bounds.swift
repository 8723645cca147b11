/// Ranges that keep a file's arithmetic exact: no int32 sum wraps, no float exceeds 2^30 before it is rounded to an integer, nothing is
/// denormal (32-bit NEON would flush it). The quantizer keeps to them, the reader insists.
package enum Bounds {
    package static let smallestScale: Float = 1e-20
    package static let largestScale: Float = 1e20
    /// Of a global pool: |acc| < 2^31 times this is at most 2^30.
    package static let largestPoolMultiplier: Float = 0.5
    /// Of a convolution whose outputs sum so many products: (bias + inputs · 255 · 127) times this is at most 2^30.
    package static func largestMultiplier(inputsPerOutput: Int) -> Float {
        0x1p30 / (Float(largestBias) + Float(inputsPerOutput) * 255 * 127)
    }
    /// Of a difference of two int8 values (below 2^8) or a product of two (below 2^16).
    package static let largestElementMultiplier: Float = 16_384
    package static let largestBias: Int32 = 1 << 28
    /// Products that one output sums: 2^14 · 255 · 127 < 2^29.
    package static let largestInputsPerOutput = 16_384
    /// Positions that a global pool sums.
    package static let largestPooledPositions = 1 << 20

    /// Of an offset, in steps of a grid.
    static let largestOffset: Float = 1024

    /// Of a tensor's height, width or channels.
    static let largestSide = 65_535
    /// Of a kernel, stride or dilation along one axis.
    static let largestWindow: Int32 = 1024
    /// Of a convolution's padding on one side.
    static let largestPadding: Int32 = 4096
    /// Of a model.
    package static let largestOutputs = 64
    /// Inputs of a probe.
    static let largestProbe = 64
    /// Entries of a file's provenance.
    static let largestProvenance = 1024

    /// - Parameter inputsPerOutput: products that one output sums; 0 where it is no convolution.
    package static func largestMultiplier(of kind: OperatorKind, inputsPerOutput: Int) -> Float {
        switch kind.traits.multipliers {
        case .sum: largestMultiplier(inputsPerOutput: inputsPerOutput)
        case .globalPool: largestPoolMultiplier
        case .element: largestElementMultiplier
        case .scale: largestScale
        }
    }

    package static func isMultiplier(_ value: Float, atMost largest: Float) -> Bool {
        isScale(value) && value <= largest
    }

    /// Whether a hard-swish's values before rounding are within bounds.
    /// - Parameters:
    ///   - s: what makes a sum the function's argument.
    ///   - k: `TensorDescription.hardSwishFactor`.
    package static func isHardSwish(_ s: Float, _ k: Float, atMost largest: Float) -> Bool {
        isScale(s) && isScale(k) && s <= largest && s * 6 * k <= largest
    }

    static func isOffset(_ value: Float) -> Bool {
        value >= -largestOffset && value <= largestOffset && isZeroOrNormal(value)
    }

    /// Neither denormal nor a NaN.
    static func isZeroOrNormal(_ value: Float) -> Bool {
        value == 0 || value.magnitude >= Float.leastNormalMagnitude
    }

    package static func isScale(_ value: Float) -> Bool {
        value >= smallestScale && value <= largestScale
    }
}
