/// What a convolution or a pool looks at for one output.
package struct Window: Sendable, Equatable {
    package var kernelHeight = 1, kernelWidth = 1
    package var strideHeight = 1, strideWidth = 1
    package var dilationHeight = 1, dilationWidth = 1
    package var padTop = 0, padLeft = 0, padBottom = 0, padRight = 0

    package init() {}

    /// Output height and width for an input of `height` x `width`; nil when the window does not fit.
    package func outputSize(height: Int, width: Int) -> (height: Int, width: Int)? {
        let h = height + padTop + padBottom - dilationHeight * (kernelHeight - 1) - 1
        let w = width + padLeft + padRight - dilationWidth * (kernelWidth - 1) - 1
        guard h >= 0, w >= 0 else { return nil }
        return (h / strideHeight + 1, w / strideWidth + 1)
    }
}
