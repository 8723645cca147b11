/// A grid a channel, as arrays for loops over channels.
struct GridSteps: Sendable {
    private let scale: [Float]
    private let inverse: [Float]
    /// The grid's ends in steps, less the zero point.
    private let bottom: [Float]
    private let top: [Float]

    /// - Parameters:
    ///   - scales, zeros: a pair a channel.
    init(scales: [Float], zeros: [Int8]) {
        scale = scales
        inverse = scales.map { 1 / $0 }
        bottom = zeros.map { -128 - Float($0) }
        top = zeros.map { 127 - Float($0) }
    }

    /// The arrays' addresses, for as long as `withPointers` calls its body.
    struct Pointers {
        fileprivate let scale: UnsafePointer<Float>
        fileprivate let inverse: UnsafePointer<Float>
        fileprivate let bottom: UnsafePointer<Float>
        fileprivate let top: UnsafePointer<Float>

        /// What quantizing a value of a channel changes it by: |x| / scale is at most 2^22.
        @inline(__always)
        func error(_ x: Float, _ channel: Int) -> Float {
            var t = x * inverse[channel]
            t = t > bottom[channel] ? t : bottom[channel]
            t = t < top[channel] ? t : top[channel]
            return roundedToEven(t) * scale[channel] - x
        }
    }

    @inline(__always)
    func withPointers(_ body: (Pointers) -> Void) {
        scale.withUnsafeBufferPointer { scale in
            inverse.withUnsafeBufferPointer { inverse in
                bottom.withUnsafeBufferPointer { bottom in
                    top.withUnsafeBufferPointer { top in
                        guard !scale.isEmpty else { return }
                        body(
                            Pointers(
                                scale: scale.baseAddress!, inverse: inverse.baseAddress!, bottom: bottom.baseAddress!,
                                top: top.baseAddress!))
                    }
                }
            }
        }
    }
}
