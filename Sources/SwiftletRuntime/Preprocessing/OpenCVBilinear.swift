/// `cv2.resize(…, interpolation=cv2.INTER_LINEAR)` on 8-bit pictures, to the bit (OpenCV 4.10): two taps a direction whatever the scale,
/// weights of 11 bits, the horizontal sums kept with 7 fractional bits.
enum OpenCVBilinear {
    static func resize(_ source: Image, to window: ResizeWindow) throws(SwiftletError) -> Image {
        let result = try window.makeResult()
        let across = window.columns.map { Tap(at: $0, of: window.width, over: source.width, clamped: true) }
        let values = result.rowBytes
        // The two source rows that an output row mixes; the next one often needs one of them again.
        var sums = [Int16](repeating: 0, count: 2 * values)
        var held = [-1, -1]

        across.withUnsafeBufferPointer { across in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in window.rows {
                    let tap = Tap(at: row, of: window.height, over: source.height, clamped: false)
                    let upper = min(max(tap.index, 0), source.height - 1)
                    let lower = min(max(tap.index + 1, 0), source.height - 1)
                    // A slot is the parity of its row: the two rows are neighbors, or one and the same.
                    for needed in [upper, lower] where held[needed & 1] != needed {
                        mixAcross(source.row(needed), across, into: sums.baseAddress! + (needed & 1) * values)
                        held[needed & 1] = needed
                    }
                    let first = sums.baseAddress! + (upper & 1) * values
                    let second = sums.baseAddress! + (lower & 1) * values
                    mixDown(first, second, tap, count: values, into: result.row(row - window.rows.lowerBound))
                }
            }
        }
        return result
    }

    private static func mixAcross(
        _ source: UnsafePointer<UInt8>, _ taps: UnsafeBufferPointer<Tap>, into sums: UnsafeMutablePointer<Int16>
    ) {
        var target = sums
        for tap in taps {
            let left = source + tap.index * 3
            let right = left + tap.step
            for channel in 0..<3 {
                let sum = Int32(left[channel]) &* tap.weight &+ Int32(right[channel]) &* tap.nextWeight
                target[channel] = Int16(truncatingIfNeeded: sum &>> 4)
            }
            target += 3
        }
    }

    private static func mixDown(
        _ first: UnsafePointer<Int16>, _ second: UnsafePointer<Int16>, _ tap: Tap, count: Int, into target: UnsafeMutablePointer<UInt8>
    ) {
        let (weight, nextWeight) = (tap.weight, tap.nextWeight)
        for index in 0..<count {
            // Each product is cut before the sum, as the 16-bit multiplication that returns the high half does.
            let sum = ((Int32(first[index]) &* weight) &>> 16) &+ ((Int32(second[index]) &* nextWeight) &>> 16)
            target[index] = UInt8(truncatingIfNeeded: min(max((sum &+ 2) &>> 2, 0), 255))
        }
    }

    /// Source position of one output position: between `index` and `index + 1`.
    private struct Tap {
        var index: Int
        /// Bytes from the pixel at `index` to the next, 0 at the end of a row.
        var step: Int
        /// 2048 is one.
        var weight: Int32
        var nextWeight: Int32

        /// `clamped`: `index` stays inside the source (columns); rows beyond the edge keep their weights and repeat the edge.
        init(at position: Int, of size: Int, over sourceSize: Int, clamped: Bool) {
            // The reciprocal of a quotient, because that is what OpenCV rounds.
            let scale = 1 / (Double(size) / Double(sourceSize))
            var fraction = Float((Double(position) + 0.5) * scale - 0.5)
            index = Int(fraction)
            if Float(index) > fraction { index -= 1 }
            fraction -= Float(index)
            if clamped, index < 0 { (index, fraction) = (0, 0) }
            if clamped, index >= sourceSize - 1 { (index, fraction) = (sourceSize - 1, 0) }
            step = index < sourceSize - 1 ? 3 : 0
            weight = Int32(Rounding.halfEven(Double((1 - fraction) * 2048)))
            nextWeight = Int32(Rounding.halfEven(Double(fraction * 2048)))
        }
    }
}
