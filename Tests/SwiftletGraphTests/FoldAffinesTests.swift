import Testing

@testable import SwiftletGraph

struct FoldAffinesTests {
    private func folded(_ graph: Graph) throws -> Graph {
        try graph.after(.foldConstants, .resolveWindows, .canonicalizeArithmetic, .convertToConvolutions, .foldAffines)
    }

    /// Against the network where every affine function stays a layer.
    private func expectFolded(_ graph: Graph, to labels: [String]) throws {
        #expect(try folded(graph).labels == labels)
        let source = try graph.after(.foldConstants, .resolveWindows, .canonicalizeArithmetic, .convertToConvolutions)
        let unfolded = ReferenceExecutor(try Pipeline([.convertAffinesToDepthwise]).run(source))
        let input = random(unfolded.network.tensors[unfolded.network.input].count, seed: 9)
        expectClose(try graph.result(input), unfolded.run(input))
    }

    private func normalization(_ graph: inout Graph, _ x: ValueID, _ channels: Int) -> ValueID {
        let variance = random(channels, seed: 8).map { abs($0) + 0.01 }
        let vectors = [5, 6, 7].map { graph.constant(random(channels, seed: $0)) }
        return graph.add(.batchNormalization(epsilon: 1e-5), x, vectors[0], vectors[1], vectors[2], graph.constant(variance))
    }

    @Test func normalizationGoesIntoTheConvolutionBefore() throws {
        let attributes = ConvAttributes(window: window(3, pad: 1))
        try expectFolded(sketch([.batch, 3, 5, 5]) { normalization(&$0, $0.conv($1, 3, 4, attributes), 4) }, to: ["convolution"])
        let depthwise = ConvAttributes(window: window(3), groups: 4)
        try expectFolded(sketch([.batch, 4, 5, 5]) { normalization(&$0, $0.conv($1, 4, 4, depthwise), 4) }, to: ["convolution"])
    }

    @Test func biasesAndFactorsGoIntoTheProductBefore() throws {
        let graph = sketch([.batch, 3]) { graph, x in
            let product = graph.add(.matMul, x, graph.constant(random(12, seed: 3), [3, 4]))
            let biased = graph.add(.binary(.add), product, graph.constant(random(4, seed: 4)))
            return graph.add(.binary(.divide), biased, graph.scalar(6))
        }
        try expectFolded(graph, to: ["convolution"])
    }

    @Test func whatElseReadsTheConvolutionKeepsIt() throws {
        let graph = sketch([.batch, 3, 5, 5]) { graph, x in
            let conv = graph.conv(x, 3, 4)
            return graph.add(.binary(.add), graph.add(.activation(.relu), conv), normalization(&graph, conv, 4))
        }
        try expectFolded(graph, to: ["convolution", "activation", "affine", "add"])
    }

    /// As Paddle's dropout leaves it in front of the classifier.
    @Test func factorGoesIntoTheConvolutionBehind() throws {
        let graph = sketch([.batch, 3, 5, 5]) { graph, x in
            let scaled = graph.add(.binary(.multiply), graph.add(.activation(.hardSwish), x), graph.scalar(0.8))
            return graph.conv(scaled, 3, 4, ConvAttributes(window: window(3, pad: 1)))
        }
        try expectFolded(graph, to: ["activation", "convolution"])
    }

    @Test func shiftGoesIntoTheConvolutionBehindUnlessItPads() throws {
        func graph(pad: Int, groups: Int) -> Graph {
            sketch([.batch, 4, 5, 5]) { graph, x in
                normalization(&graph, graph.add(.activation(.relu), x), 4)
            }.extended { $0.conv($1, 4, 4, ConvAttributes(window: window(3, pad: pad), groups: groups)) }
        }
        try expectFolded(graph(pad: 0, groups: 1), to: ["activation", "convolution"])
        try expectFolded(graph(pad: 0, groups: 2), to: ["activation", "convolution"])
        try expectFolded(graph(pad: 1, groups: 1), to: ["activation", "affine", "convolution"])
    }

    @Test func oneFactorGoesIntoSeveralConvolutions() throws {
        let graph = sketch([.batch, 3, 5, 5]) { graph, x in
            let scaled = graph.add(.binary(.multiply), x, graph.scalar(0.5))
            return graph.add(.binary(.add), graph.conv(scaled, 3, 2, seed: 1), graph.conv(scaled, 3, 2, seed: 2))
        }
        try expectFolded(graph, to: ["convolution", "convolution", "add"])
    }

    /// The first of two affine functions has another reader: nothing is computed twice.
    @Test func whatElseReadsAnAffineKeepsIt() throws {
        let graph = sketch([.batch, 3, 5, 5]) { graph, x in
            let first = normalization(&graph, graph.conv(x, 3, 4), 4)
            let second = graph.add(.binary(.multiply), first, graph.scalar(3))
            return graph.add(.binary(.add), graph.add(.activation(.sigmoid), first), second)
        }
        try expectFolded(graph, to: ["convolution", "affine", "activation", "add"])
    }

    @Test func factorsThatCancelVanish() throws {
        let graph = sketch([.batch, 3, 5, 5]) { graph, x in
            let value = graph.add(.binary(.multiply), graph.add(.activation(.relu), x), graph.scalar(6))
            return graph.add(.binary(.divide), value, graph.scalar(6))
        }
        #expect(try folded(graph).labels == ["activation"])
    }

    @Test func affinesMergeInOrder() {
        let first = Affine(scale: [2], shift: [1])
        let second = Affine(scale: [10, 100], shift: [3, 4])
        #expect(first.followed(by: second) == Affine(scale: [20, 200], shift: [13, 104]))
        #expect(second.followed(by: Affine(scale: [1, 1, 1], shift: [0, 0, 0])) == nil)
    }
}

extension Graph {
    /// This graph with more behind its output.
    fileprivate func extended(_ build: (inout Graph, ValueID) -> ValueID) -> Graph {
        var graph = self
        graph.output = build(&graph, output)
        return graph
    }
}
