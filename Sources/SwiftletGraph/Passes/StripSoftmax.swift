extension Pass {
    /// Takes a softmax at the end off: the logits have the same order, and whoever wants probabilities computes them in single precision.
    public static let stripSoftmax = Pass("strip softmax") { graph throws(GraphError) in
        guard let last = graph.nodes.last(where: { $0.output == graph.output }), case .softmax(let axis, let flattensRest) = last.operation,
            let shape = graph.values[last.output].shape, let vectorAxis = shape.vectorAxis
        else { return }
        let resolved = axis < 0 ? axis + shape.rank : axis
        guard resolved == vectorAxis || (flattensRest && resolved == 1) else { return }
        graph.output = last.inputs[0]
        graph.endsInSoftmax = true
        graph.nodes.removeAll { $0.output == last.output }
    }
}
