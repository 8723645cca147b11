internal import CKernels

/// An operator on some rows of its output is an operator of the same kind on a lower map: packed parameters do not depend on heights, and
/// each output is computed by the same operations in the same order.
extension sk_shape {
    /// Whether each output position takes the same position of the input alone.
    var isPointwise: Bool {
        kernel_h == 1 && kernel_w == 1 && stride_h == 1 && stride_w == 1 && in_h == out_h && in_w == out_w && pad_top == 0 && pad_left == 0
    }

    /// Whether every output row takes at least one row of the input.
    var reachesInput: Bool {
        pad_top <= (kernel_h - 1) * dilation_h && Int(out_h - 1) * Int(stride_h) - Int(pad_top) < Int(in_h)
    }

    /// A pointwise operator's map as a column of positions: each a row of its own.
    var flattened: sk_shape {
        var shape = self
        (shape.in_h, shape.in_w, shape.out_h, shape.out_w) = (in_h * in_w, 1, out_h * out_w, 1)
        return shape
    }

    /// The rows of the input that some rows of the output take.
    func inputRows(under rows: Range<Int>) -> Range<Int> {
        guard !rows.isEmpty else { return 0..<0 }
        let first = rows.lowerBound * Int(stride_h) - Int(pad_top)
        let last = (rows.upperBound - 1) * Int(stride_h) - Int(pad_top) + Int(kernel_h - 1) * Int(dilation_h)
        return max(first, 0)..<min(last + 1, Int(in_h))
    }

    /// The operator on some rows of its output; its input begins with the first row of `inputRows(under:)`.
    func band(_ rows: Range<Int>) -> sk_shape {
        var shape = self
        let input = inputRows(under: rows)
        let first = rows.lowerBound * Int(stride_h) - Int(pad_top)
        let end = (rows.upperBound - 1) * Int(stride_h) - Int(pad_top) + Int(kernel_h - 1) * Int(dilation_h) + 1
        (shape.in_h, shape.out_h) = (Int32(input.count), Int32(rows.count))
        (shape.pad_top, shape.pad_bottom) = (Int32(input.lowerBound - first), Int32(end - input.upperBound))
        return shape
    }
}
