/// TensorFlow's convolution and pooling, written for reading, on maps [height][width][channels].
struct TensorFlowReference {
    struct Map {
        var height: Int
        var width: Int
        var values: [Float]

        var channels: Int { values.count / (height * width) }
    }

    struct Window {
        var kernel: (height: Int, width: Int)
        var stride = (height: 1, width: 1)
        var dilation = (height: 1, width: 1)
        var isSame = true

        /// Number of outputs and the padding before the first element. SAME gives ceil(size / stride) outputs, an odd pad at the end.
        func span(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> (count: Int, before: Int) {
            let reach = (kernel - 1) * dilation + 1
            guard isSame else { return ((size - reach) / stride + 1, 0) }
            let count = (size + stride - 1) / stride
            return (count, max((count - 1) * stride + reach - size, 0) / 2)
        }
    }

    /// For each position of the result, what `value` makes of the positions that its window covers: by kernel row and column.
    static func slide(
        _ x: Map, _ window: Window, channels: Int, _ value: (_ covered: [(row: Int, column: Int, position: Int)], _ channel: Int) -> Float
    ) -> Map {
        let (rows, top) = window.span(x.height, window.kernel.height, window.stride.height, window.dilation.height)
        let (columns, left) = window.span(x.width, window.kernel.width, window.stride.width, window.dilation.width)
        var values: [Float] = []
        for y in 0..<rows {
            for z in 0..<columns {
                var covered: [(row: Int, column: Int, position: Int)] = []
                for row in 0..<window.kernel.height {
                    for column in 0..<window.kernel.width {
                        let h = y * window.stride.height + row * window.dilation.height - top
                        let w = z * window.stride.width + column * window.dilation.width - left
                        if (0..<x.height).contains(h), (0..<x.width).contains(w) { covered.append((row, column, h * x.width + w)) }
                    }
                }
                for channel in 0..<channels { values.append(value(covered, channel)) }
            }
        }
        return Map(height: rows, width: columns, values: values)
    }

    /// - Parameter weights: [outputs][height][width][inputs]
    static func convolution(_ x: Map, _ weights: [Float], _ bias: [Float], _ window: Window) -> Map {
        slide(x, window, channels: bias.count) { covered, output in
            covered.reduce(bias[output]) { sum, tap in
                let place = (output * window.kernel.height + tap.row) * window.kernel.width + tap.column
                return (0..<x.channels).reduce(sum) { $0 + x.values[tap.position * x.channels + $1] * weights[place * x.channels + $1] }
            }
        }
    }

    /// - Parameter weights: [height][width][inputs * multiplier], the multiplier varying fastest.
    static func depthwise(_ x: Map, _ weights: [Float], _ bias: [Float], _ window: Window) -> Map {
        slide(x, window, channels: bias.count) { covered, output in
            covered.reduce(bias[output]) { sum, tap in
                let weight = weights[(tap.row * window.kernel.width + tap.column) * bias.count + output]
                return sum + x.values[tap.position * x.channels + output * x.channels / bias.count] * weight
            }
        }
    }

    /// Padding does not count.
    static func averagePool(_ x: Map, _ window: Window) -> Map {
        slide(x, window, channels: x.channels) { covered, channel in
            covered.reduce(0) { $0 + x.values[$1.position * x.channels + channel] } / Float(covered.count)
        }
    }

    static func maxPool(_ x: Map, _ window: Window) -> Map {
        slide(x, window, channels: x.channels) { covered, channel in
            covered.map { x.values[$0.position * x.channels + channel] }.max() ?? 0
        }
    }
}
