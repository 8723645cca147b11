/// `Image.resize` of Pillow on 8-bit pictures, to the bit (13.0): a filter that widens with the reduction, weights of 22 bits, one
/// direction after the other, each rounded to 8 bits. Pillow before 13 always went across first, which now and then differs by one.
enum PillowFilter {
    /// Triangle, one source pixel to each side.
    case bilinear
    /// Keys' cubic convolution with a = -0.5, two source pixels to each side (doi:10.1109/TASSP.1981.1163711).
    case bicubic

    func resize(_ source: Image, to window: ResizeWindow) throws(SwiftletError) -> Image {
        let down = taps(for: window.rows, of: window.height, over: source.height)
        let across = taps(for: window.columns, of: window.width, over: source.width)
        let (fewerRows, fewerColumns) = (source.height - window.height, source.width - window.width)
        if fewerRows > 0, fewerRows > 2 * fewerColumns {
            let columns = across.sources
            let flattened = try down.down(source, columns: columns)
            return try across.across(flattened, rows: 0..<flattened.height, firstColumn: columns.lowerBound)
        }
        let rows = down.sources
        let narrowed = try across.across(source, rows: rows)
        return try down.down(narrowed, columns: 0..<narrowed.width, firstRow: rows.lowerBound)
    }

    private var support: Double { self == .bilinear ? 1 : 2 }

    private func weight(at distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .bilinear:
            return x < 1 ? 1 - x : 0
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        }
    }

    private func taps(for outputs: Range<Int>, of size: Int, over sourceSize: Int) -> FilterTaps {
        let scale = Double(sourceSize) / Double(size)
        let stretch = max(scale, 1)
        let reach = support * stretch
        let inverse = 1 / stretch
        var taps = FilterTaps()
        var weights: [Double] = []
        for position in outputs {
            let center = (Double(position) + 0.5) * scale
            let first = max(Int(center - reach + 0.5), 0)
            let end = min(Int(center + reach + 0.5), sourceSize)
            weights.removeAll(keepingCapacity: true)
            var total = 0.0
            for index in 0..<(end - first) {
                let value = weight(at: (Double(index + first) - center + 0.5) * inverse)
                weights.append(value)
                total += value
            }
            taps.append(first: first, weights: weights, total: total)
        }
        return taps
    }
}
