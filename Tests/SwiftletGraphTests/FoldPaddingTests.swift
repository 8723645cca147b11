import Testing

@testable import SwiftletGraph

struct FoldPaddingTests {
    private static let pads = [0, 0, 1, 0, 0, 0, 2, 1]

    private func padded(then: @escaping (inout Graph, ValueID) -> ValueID) -> Graph {
        sketch([.batch, 2, 4, 5]) { graph, x in then(&graph, graph.add(.pad, x, graph.integers(Self.pads))) }
    }

    private func passed(_ graph: Graph) throws -> Graph {
        try graph.after(.foldConstants, .resolveWindows, .canonicalizeArithmetic, .convertToConvolutions, .foldPadding)
    }

    /// The network where the padding stays a layer.
    private func unfolded(_ graph: Graph) throws -> ReferenceExecutor {
        var source = try graph.after(.foldConstants, .resolveWindows, .canonicalizeArithmetic, .convertToConvolutions)
        var window = Window()
        (window.padTop, window.padBottom, window.padRight) = (1, 2, 1)
        for index in source.nodes.indices where source.nodes[index].operation.label == "pad" {
            source.nodes[index].operation = .zeroPadding(window)
            source.nodes[index].inputs = [source.nodes[index].inputs[0]]
        }
        return ReferenceExecutor(try Pipeline([.convertAffinesToDepthwise]).run(source))
    }

    private func expectFolded(_ graph: Graph, to labels: [String]) throws {
        let input = random(40, seed: 4)
        #expect(try passed(graph).labels == labels)
        expectClose(try graph.result(input), try unfolded(graph).run(input))
    }

    @Test func intoAConvolution() throws {
        try expectFolded(padded { $0.conv($1, 2, 3, ConvAttributes(window: window(3, stride: 2, pad: 1))) }, to: ["convolution"])
    }

    @Test func intoAnAverage() throws {
        try expectFolded(padded { $0.add(.windowedPool(PoolAttributes(kind: .average, window: window(3))), $1) }, to: ["pool"])
    }

    @Test func notIntoAnAverageThatCountsOtherwise() throws {
        let attributes = PoolAttributes(kind: .average, window: window(3, pad: 1))
        try expectFolded(padded { $0.add(.windowedPool(attributes), $1) }, to: ["zeroPadding", "pool"])
    }

    /// Windows that would lie in the padding altogether.
    @Test func notIntoAPoolingOfSmallerWindows() throws {
        try expectFolded(
            padded { $0.add(.windowedPool(PoolAttributes(kind: .average, window: window(2))), $1) }, to: ["zeroPadding", "pool"])
    }

    @Test func aVectorAfterPaddingIsFlattened() throws {
        let graph = padded { graph, x in
            let pooled = graph.add(.globalAveragePool, graph.conv(x, 2, 3, ConvAttributes(window: window(3))))
            return graph.add(.activation(.relu), graph.add(.flatten(axis: 1), pooled))
        }
        #expect(try graph.network().layers.count == 3)
    }

    @Test func notIntoAMaximumOfAnySign() throws {
        let attributes = PoolAttributes(kind: .max, window: window(3))
        try expectFolded(padded { $0.add(.windowedPool(attributes), $1) }, to: ["zeroPadding", "pool"])
    }

    @Test func intoAMaximumBehindARelu() throws {
        let graph = sketch([.batch, 2, 4, 5]) { graph, x in
            let padded = graph.add(.pad, graph.add(.activation(.relu), x), graph.integers(Self.pads))
            return graph.add(.windowedPool(PoolAttributes(kind: .max, window: window(3))), padded)
        }
        try expectFolded(graph, to: ["activation", "pool"])
    }

    @Test func paddingWithoutAReaderThatTakesItIsALayer() throws {
        let graph = padded { $0.add(.activation(.relu), $1) }
        try expectFolded(graph, to: ["zeroPadding", "activation"])
        #expect(try graph.network().layers.count == 1)
    }

    @Test(arguments: zip([[0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, -1, 0, 0, 0, 0, 0]], [0, 1, 0] as [Float]))
    func otherPaddingIsReported(pads: [Int], value: Float) {
        let graph = sketch([.batch, 2, 4, 5]) { graph, x in graph.add(.pad, x, graph.integers(pads), graph.scalar(value)) }
        let expected = UnsupportedNode(name: "pad0", kind: "pad", reason: "not zeros around a map")
        #expect(throws: GraphError.unsupported([expected])) { try graph.network() }
    }
}
