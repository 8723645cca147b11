/// What a node computes. Importers write the first group, rewrites turn it into the second, which `Network` has layers for.
package enum NodeOperation: Sendable {
    // As source models have it. Weights, axes and the like are inputs; an empty integer constant stands for an input left out.

    /// x, weights [outputs, inputs / groups, kernel height, kernel width], optional bias [outputs].
    case conv(ConvAttributes)
    /// x, scale, shift, mean, variance, each [channels].
    case batchNormalization(epsilon: Float)
    /// x, minimum, maximum.
    case clip
    /// a, b, broadcast against each other.
    case binary(BinaryOperator)
    /// x.
    case unary(UnaryOperator)
    /// condition, a, b, broadcast against each other.
    case choose
    /// x, slope, broadcast to x.
    case prelu
    /// x, axes (none: all).
    case reduce(Reduction, keepsDimensions: Bool)
    /// x.
    case windowedPool(PoolAttributes)
    /// a, b, optional c: alpha * a' b' + beta * c, where ' may transpose.
    case gemm(GemmAttributes)
    case matMul
    /// x: to two axes, those before `axis` and the others.
    case flatten(axis: Int)
    /// x, new shape: 0 keeps the extent (unless `allowsZero`), -1 is what is left.
    case reshape(allowsZero: Bool)
    /// x, axes (none: all of extent 1).
    case squeeze
    /// x, axes of the result.
    case unsqueeze
    /// x: axis i of the result is axis `permutation[i]`; nil reverses the axes.
    case transpose([Int]?)
    /// x, [before each axis..., after each axis...], value, axes.
    case pad
    /// x: along `axis`, or along it and all after it taken as one.
    case softmax(axis: Int, flattensRest: Bool)
    /// x, along `axis`: one of the forms in which a model gives its answer in place of logits.
    case answer(Head, axis: Int, keepsDimensions: Bool)
    /// x: dropout that the exporter says is off, too.
    case identity
    /// x, ratio, whether the model is being trained.
    case dropout
    case cast(toInteger: Bool)
    /// x: the shape of x, axes `start` ..< `end`, as integers.
    case shape(start: Int, end: Int?)
    /// x, indices.
    case gather(axis: Int)
    /// x, starts, ends, axes, steps.
    case slice
    /// x, optional lengths of the parts: part `index` of `count` along `axis`.
    case split(axis: Int, index: Int, count: Int)
    /// x, shape that it is broadcast to.
    case expand
    /// x, repeats of each axis.
    case tile
    /// data, indices, updates.
    case scatter
    /// x: the number of its elements.
    case size
    /// x, region of interest, scales, sizes: nearest neighbor, or linear.
    case resize(ResizeAttributes)
    /// What this project has nothing for, and why.
    case unsupported(String)
    /// shape: filled with the one element of the constant.
    case constantOfShape(Constant)
    /// start, limit, step.
    case range

    // In both groups.

    /// x: put on a grid and taken back, as a model has it that is int8 already.
    case rounded(PublishedGrid)
    /// x.
    case activation(Activation)
    case globalAveragePool
    /// Two or more values, along `axis`.
    case concat(axis: Int)

    // After rewriting.

    /// x, optional residual. Weights are in the convolution, as in `Network`.
    case convolution(Convolution)
    /// x: y = x * scale + shift per channel.
    case affine(Affine)
    /// x.
    case pool(Pool)
    /// x: zeros around the map.
    case zeroPadding(Window)
    /// Values of one shape but for `axis`: the positions `indices` along it of the values joined there, in this order.
    case select(axis: Int, indices: [Int])
    /// x: by row and by column of the result, the map's row and column that it is.
    case resample(rows: [Int], columns: [Int])
    /// x, y of one shape, or one of them a vector.
    case multiply
    /// x, y of one shape, or one of them a vector.
    case add(Activation)
}

extension NodeOperation {
    /// How many inputs it cannot do without.
    var operands: Int {
        switch self {
        case .choose, .scatter: 3
        case .binary, .gather, .expand, .tile, .pad, .reshape, .unsqueeze: 2
        default: 1
        }
    }

    /// Its result has its input's elements in their order.
    var keepsElementOrder: Bool {
        switch self {
        case .reshape, .flatten, .squeeze, .unsqueeze: true
        default: false
        }
    }
}

/// How the padding of a window is found: as the window says, or from the input's size (the names are ONNX's).
package enum AutomaticPadding: Sendable {
    case explicit, sameUpper, sameLower, valid
}

package struct ConvAttributes: Sendable {
    package var window: Window
    /// The source does not state the kernel's size: the weights' shape is it, and `window` has 1x1 until windows are resolved.
    package var takesKernelFromWeights: Bool
    package var padding: AutomaticPadding
    package var groups: Int

    package init(window: Window, takesKernelFromWeights: Bool = false, padding: AutomaticPadding = .explicit, groups: Int = 1) {
        self.window = window
        self.takesKernelFromWeights = takesKernelFromWeights
        self.padding = padding
        self.groups = groups
    }
}

extension ConvAttributes {
    /// These attributes with all of the window spelled out, for a map of `height` x `width` and a kernel as the weights have it.
    func resolved(height: Int, width: Int, kernel: (height: Int, width: Int)) -> ConvAttributes {
        var result = self
        if takesKernelFromWeights { (result.window.kernelHeight, result.window.kernelWidth) = kernel }
        result.takesKernelFromWeights = false
        result.window = result.window.resolved(padding, height: height, width: width)
        result.padding = .explicit
        return result
    }
}

package struct PoolAttributes: Sendable {
    package var kind: Pool.Kind
    package var window: Window
    package var padding: AutomaticPadding
    /// A last window that the map only partly fills counts.
    package var roundsUp: Bool
    package var countsPadding: Bool

    package init(
        kind: Pool.Kind, window: Window, padding: AutomaticPadding = .explicit, roundsUp: Bool = false, countsPadding: Bool = false
    ) {
        self.kind = kind
        self.window = window
        self.padding = padding
        self.roundsUp = roundsUp
        self.countsPadding = countsPadding
    }
}

package struct GemmAttributes: Sendable {
    package var alpha: Float
    package var beta: Float
    package var transposesA: Bool
    package var transposesB: Bool

    package init(alpha: Float = 1, beta: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
        self.alpha = alpha
        self.beta = beta
        self.transposesA = transposesA
        self.transposesB = transposesB
    }
}
