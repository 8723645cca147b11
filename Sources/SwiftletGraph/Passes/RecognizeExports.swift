extension Pass {
    /// Reads back what `quantize export` writes in place of an int8 kernel's steps. Sums of integers are rounded in the file, so that no
    /// runtime folds factors across; int8 kernels do that by themselves. Zero points of channels are added before a grid and taken away
    /// behind it, which makes it a grid of channels.
    package static let recognizeExports = Pass("recognize exports") { graph throws(GraphError) in
        guard graph.producer == Graph.exportProducer else { return }
        try graph.removeAliases { _, node throws(GraphError) in
            if case .unary(.rounded) = node.operation { node.inputs.first } else { nil }
        }
        let producers = graph.producers()
        var readers = [ValueID: [Int]]()
        for (index, node) in graph.nodes.enumerated() {
            for input in node.inputs { readers[input, default: []].append(index) }
        }
        let results = Set(graph.outputs.map(\.value))
        for index in graph.nodes.indices {
            guard case .rounded(let grid) = graph.nodes[index].operation, !grid.isPerAxis, !results.contains(graph.nodes[index].output),
                let shift = producers[graph.nodes[index].inputs[0]].flatMap({ graph.channelShift(graph.nodes[$0], .add) }),
                let zeros = grid.zeroPoints(movedBy: shift.values), let behind = readers[graph.nodes[index].output],
                behind.allSatisfy({ graph.channelShift(graph.nodes[$0], .subtract)?.values == shift.values })
            else { continue }
            graph.nodes[index].inputs[0] = shift.value
            graph.nodes[index].operation = .rounded(
                PublishedGrid(
                    scales: zeros.map { _ in grid.scales[0] }, zeroPoints: zeros, axis: 1, lowest: grid.lowest, highest: grid.highest,
                    rounding: grid.rounding))
            for reader in behind { graph.nodes[reader].operation = .identity }
        }
    }
}

extension Graph {
    /// What the producer of an exported file is called.
    package static let exportProducer = "swiftlet"

    /// The value and the numbers by channel of a node that adds them to it, or takes them away.
    fileprivate func channelShift(_ node: Node, _ operation: BinaryOperator) -> (value: ValueID, values: [Float])? {
        guard case .binary(operation) = node.operation, node.inputs.count == 2, let constant = constant(node, 1),
            let floats = constant.floats, constant.shape == [1, floats.count, 1, 1]
        else { return nil }
        return (node.inputs[0], floats)
    }
}

extension PublishedGrid {
    /// By channel, the zero point where `shift` is added before the grid and taken away behind it; nil where that is no grid.
    fileprivate func zeroPoints(movedBy shift: [Float]) -> [Int]? {
        let steps = shift.map { $0 / scales[0] }
        guard !isNothing, steps.allSatisfy({ $0 == $0.rounded() && abs($0) <= 255 }) else { return nil }
        let zeros = steps.map { zeroPoints[0] + Int($0) }
        return zeros.allSatisfy((lowest...highest).contains) ? zeros : nil
    }
}
