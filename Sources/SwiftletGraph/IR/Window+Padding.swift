extension Window {
    /// No kernel, stride, dilation or pad beyond this is taken for real; it keeps size arithmetic far from overflow.
    package static let limit = 1 << 16

    /// Kernel, stride and dilation are at least 1, pads at least 0, and all within `limit`.
    package var isPlausible: Bool {
        [kernelHeight, kernelWidth, strideHeight, strideWidth, dilationHeight, dilationWidth].allSatisfy { (1...Self.limit).contains($0) }
            && [padTop, padLeft, padBottom, padRight].allSatisfy { (0...Self.limit).contains($0) }
    }

    var isPadded: Bool { [padTop, padLeft, padBottom, padRight].contains { $0 != 0 } }

    /// This window with the padding that `rule` gives for a map of `height` x `width`, as ONNX defines SAME and VALID: the output is
    /// ceil(size / stride), an odd pad goes to the end (upper) or the start (lower).
    func resolved(_ rule: AutomaticPadding, height: Int, width: Int) -> Window {
        func total(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let outputs = (size + stride - 1) / stride
            return max((outputs - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
        }
        guard rule != .explicit else { return self }
        var window = self
        (window.padTop, window.padLeft, window.padBottom, window.padRight) = (0, 0, 0, 0)
        guard rule != .valid else { return window }
        let vertical = total(height, kernelHeight, strideHeight, dilationHeight)
        let horizontal = total(width, kernelWidth, strideWidth, dilationWidth)
        let odd = rule == .sameUpper ? 0 : 1
        window.padTop = (vertical + odd) / 2
        window.padBottom = vertical - window.padTop
        window.padLeft = (horizontal + odd) / 2
        window.padRight = horizontal - window.padLeft
        return window
    }

    /// This window with as much more padding at the end as makes the last, partly filled window whole (`ceil_mode`). A window that would
    /// start in the padding behind the map does not count.
    func roundedUp(height: Int, width: Int) -> Window {
        func more(_ size: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
            let span = dilation * (kernel - 1) + 1
            let room = size + before + after - span
            guard room >= 0 else { return 0 }
            var last = (room + stride - 1) / stride * stride
            if last >= size + before { last -= stride }
            return max(last + span - (size + before + after), 0)
        }
        var window = self
        window.padBottom += more(height, padTop, padBottom, kernelHeight, strideHeight, dilationHeight)
        window.padRight += more(width, padLeft, padRight, kernelWidth, strideWidth, dilationWidth)
        return window
    }
}
