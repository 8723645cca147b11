internal import CKernels

/// The operators of a group that follow one another, and what each computes of its output for some rows of the last one's.
struct RowChain {
    /// By operator; where all are pointwise, each position is a row.
    let shapes: [sk_shape]
    /// By operator, bytes of a row of its output.
    let rowBytes: [Int]
    /// Of the first operator's input.
    let inputRowBytes: Int

    /// Nil where a row is larger than a map may be.
    init?(_ operators: ArraySlice<ModelOperator>, _ tensors: [TensorDescription]) {
        guard let first = operators.first else { return nil }
        // A depthwise kernel's packed parameters hold a row of padding: they are of one width.
        let isPointwise = operators.allSatisfy { $0.shape.isPointwise && !$0.kind.isDepthwise }
        let shapes = operators.map { isPointwise ? $0.shape.flattened : $0.shape }
        rowBytes = zip(operators, shapes).map { Int($1.out_w) * Int($1.out_c) * tensors[$0.output].type.size }
        inputRowBytes = Int(shapes[0].in_w) * Int(shapes[0].in_c) * tensors[first.inputs[0]].type.size
        self.shapes = shapes
    }

    /// Of the last operator's output.
    var rows: Int { Int(shapes[shapes.count - 1].out_h) }

    /// By operator, the rows of its output under some of the last one's.
    func outputRows(under rows: Range<Int>) -> [Range<Int>] {
        var result = [Range<Int>](repeating: rows, count: shapes.count)
        var index = shapes.count - 1
        while index > 0 {
            result[index - 1] = shapes[index].inputRows(under: result[index])
            index -= 1
        }
        return result
    }

    /// Bytes of all that lies between the operators for some rows of the last one's output.
    func bytesBetween(_ rows: Range<Int>) -> WideCount {
        let windows = outputRows(under: rows)
        var bytes = WideCount(0)
        for index in 0..<(shapes.count - 1) { bytes = bytes + WideCount(windows[index].count) * rowBytes[index] }
        return bytes
    }

    /// The most rows at a time, at most `most`, whose values between the operators take `budget` bytes; 1 where even a row takes more.
    func bandRows(most: Int, budget: Int) -> Int {
        var count = max(most, 1)
        while count > 1 {
            let first = (rows - count) / 2  // in the middle, where no row lies outside the picture
            let bytes = bytesBetween(first..<(first + count))
            if bytes <= WideCount(budget) { break }
            let fitting = bytes.value > UInt64(Int32.max) ? 1 : Int(Int64(count) * Int64(budget) / Int64(bytes.value))
            count = max(1, min(fitting, count - 1))
        }
        return count
    }

    /// The bands of a part, one below the other, of nearly equal heights.
    func bands(ofPart part: Int, of parts: Int, rows bandRows: Int) -> [Range<Int>] {
        let own = positionShare(rows, part, parts)
        let count = (own.count + bandRows - 1) / bandRows
        return (0..<count).map { index in
            let band = positionShare(own.count, index, count)
            return (own.lowerBound + band.lowerBound)..<(own.lowerBound + band.upperBound)
        }
    }
}
