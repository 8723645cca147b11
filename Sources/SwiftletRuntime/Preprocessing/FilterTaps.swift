/// For each output position of one direction, the first source position it reads and the weights from there on, as fixed-point numbers.
struct FilterTaps {
    private static let fractionBits: Int32 = 22
    private static let half: Int32 = 1 << 21

    private struct Span {
        /// Source position of the first weight.
        var first: Int
        /// Where the weights begin in `weights`, and their number.
        var offset: Int
        var count: Int
    }

    private var spans: [Span] = []
    private var weights: [Int32] = []

    /// Adds an output position. `total`: the sum that is to become one.
    mutating func append(first: Int, weights values: [Double], total: Double) {
        spans.append(Span(first: first, offset: weights.count, count: values.count))
        for value in values {
            let scaled = (total != 0 ? value / total : value) * Double(1 << Int(FilterTaps.fractionBits))
            weights.append(Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5))
        }
    }

    /// All source positions that are read.
    var sources: Range<Int> {
        spans[0].first..<(spans.reduce(0) { max($0, $1.first + $1.count) })
    }

    /// Filters each of `rows`: one output column a position. `firstColumn`: which source position the picture's left column is.
    func across(_ source: Image, rows: Range<Int>, firstColumn: Int = 0) throws(SwiftletError) -> Image {
        let result = try Image(height: rows.count, width: spans.count)
        spans.withUnsafeBufferPointer { spans in
            weights.withUnsafeBufferPointer { weights in
                for row in rows {
                    let pixels = source.row(row)
                    var target = result.row(row - rows.lowerBound)
                    for span in spans {
                        FilterTaps.mix(
                            pixels + (span.first - firstColumn) * 3, weights.baseAddress! + span.offset, span.count, into: target)
                        target += 3
                    }
                }
            }
        }
        return result
    }

    /// Filters each of `columns`: one output row a position. `firstRow`: which source position the picture's top row is.
    func down(_ source: Image, columns: Range<Int>, firstRow: Int = 0) throws(SwiftletError) -> Image {
        let result = try Image(height: spans.count, width: columns.count)
        let count = result.rowBytes
        var sums = [Int32](repeating: 0, count: count)
        sums.withUnsafeMutableBufferPointer { buffer in
            let sums = buffer.baseAddress!
            for (position, span) in spans.enumerated() {
                for index in 0..<count { sums[index] = FilterTaps.half }
                for step in 0..<span.count {
                    let weight = weights[span.offset + step]
                    let row = source.row(span.first + step - firstRow) + columns.lowerBound * 3
                    for index in 0..<count { sums[index] &+= Int32(row[index]) &* weight }
                }
                let target = result.row(position)
                for index in 0..<count { target[index] = FilterTaps.clip(sums[index]) }
            }
        }
        return result
    }

    /// The weighted sum of `count` RGB pixels.
    private static func mix(
        _ pixels: UnsafePointer<UInt8>, _ weights: UnsafePointer<Int32>, _ count: Int, into target: UnsafeMutablePointer<UInt8>
    ) {
        var red = half
        var green = half
        var blue = half
        for index in 0..<count {
            let weight = weights[index]
            red &+= Int32(pixels[3 * index]) &* weight
            green &+= Int32(pixels[3 * index + 1]) &* weight
            blue &+= Int32(pixels[3 * index + 2]) &* weight
        }
        target[0] = clip(red)
        target[1] = clip(green)
        target[2] = clip(blue)
    }

    private static func clip(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum &>> fractionBits, 0), 255))
    }
}
