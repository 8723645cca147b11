extension Pass {
    /// Notes what is done to the input before anything else: the scales and shifts on the way from it, as far as it is one way. Changes
    /// nothing.
    package static let recognizeInputScaling = Pass("recognize input scaling") { graph throws(GraphError) in
        guard let (mean, std) = InputChain(graph).constants else { return }
        (graph.inputScaling.mean, graph.inputScaling.std) = (mean, std)
    }
}

/// The nodes behind the input that scale, shift, reorder or pad it.
private struct InputChain {
    private var affine = Affine()
    /// The input's channel for each channel at the chain's end; nil: the same.
    private var order: [Int]?
    private let channels: Int

    /// Normalization takes fewer nodes.
    private static let longest = 16

    init(_ graph: Graph) {
        channels = graph.inputMapShape?.channels ?? 0
        let uses = graph.useCounts()
        var value = graph.input
        for _ in 0..<Self.longest {
            guard uses[value] == 1, let node = graph.nodes.first(where: { $0.inputs.contains(value) }), append(node.operation) else {
                return
            }
            value = node.output
        }
    }

    /// False for what ends the chain.
    private mutating func append(_ operation: NodeOperation) -> Bool {
        switch operation {
        case .affine(let next):
            return append(next)
        case .convolution(let convolution)
        where convolution.isDepthwise && convolution.window == Window() && convolution.activation == .none:
            return append(Affine(scale: convolution.weights.map(Double.init), shift: convolution.bias.map(Double.init)))
        case .select(_, let indices):
            guard indices.sorted() == Array(0..<channels) else { return false }
            affine = Affine(scale: indices.map(affine.scale), shift: indices.map(affine.shift))
            order = indices.map { order?[$0] ?? $0 }
            return true
        case .pad, .zeroPadding, .rounded:
            return true
        default:
            return false
        }
    }

    private mutating func append(_ next: Affine) -> Bool {
        guard next.channels == nil || next.channels == channels, let merged = affine.followed(by: next) else { return false }
        affine = merged
        return true
    }

    /// Mean and deviation by channel of the input; nil where there are none.
    var constants: (mean: [Double], std: [Double])? {
        let count = affine.channels ?? 1
        let positions = order.map { order in (0..<count).map { order.firstIndex(of: $0) ?? 0 } } ?? Array(0..<count)
        let (scales, shifts) = (positions.map(affine.scale), positions.map(affine.shift))
        guard scales.allSatisfy({ $0 != 0 && $0.isFinite }), shifts.allSatisfy(\.isFinite) else { return nil }
        return (zip(scales, shifts).map { -$1 / $0 }, scales.map { 1 / $0 })
    }
}
