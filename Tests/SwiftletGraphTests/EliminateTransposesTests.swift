import Testing

@testable import SwiftletGraph

struct EliminateTransposesTests {
    /// The shape of TensorFlow's exports: NHWC in, NHWC between convolutions, a mean over the middle axes.
    private func channelsLast(_ graph: inout Graph, _ x: ValueID) -> ValueID {
        var value = graph.add(.binary(.multiply), x, graph.scalar(2))
        value = graph.conv(graph.add(.transpose([0, 3, 1, 2]), value), 3, 5, ConvAttributes(window: window(3, pad: 1)), seed: 1)
        value = graph.add(.binary(.add), graph.add(.transpose([0, 2, 3, 1]), value), graph.constant([1, 2, 3, 4, 5]))
        value = graph.add(.pad, value, graph.integers([0, 0, 1, 0, 0, 2, 0, 0]))
        value = graph.conv(graph.add(.transpose([0, 3, 1, 2]), value), 5, 2, seed: 2)
        value = graph.add(.transpose([0, 2, 3, 1]), value)
        return graph.add(.reduce(.mean, keepsDimensions: false), value, graph.integers([1, 2]))
    }

    /// The same in NCHW throughout.
    private func channelsFirst(_ graph: inout Graph, _ x: ValueID) -> ValueID {
        var value = graph.add(.binary(.multiply), x, graph.scalar(2))
        value = graph.conv(value, 3, 5, ConvAttributes(window: window(3, pad: 1)), seed: 1)
        value = graph.add(.binary(.add), value, graph.constant([1, 2, 3, 4, 5], [5, 1, 1]))
        value = graph.add(.pad, value, graph.integers([0, 0, 0, 1, 0, 0, 2, 0]))
        value = graph.conv(value, 5, 2, seed: 2)
        return graph.add(.reduce(.mean, keepsDimensions: false), value, graph.integers([2, 3]))
    }

    @Test func channelsLastModelsBecomeChannelsFirst() throws {
        let graph = sketch([.batch, 6, 8, 3], channelsLast)
        let result = try graph.after(.foldConstants, .removeIdentities, .eliminateTransposes)
        #expect(result.labels == ["binary", "conv", "binary", "pad", "conv", "reduce"])
        #expect(result.values[result.input].shape == [.batch, 3, 6, 8])
        #expect(result.values[result.output].shape == [.batch, 2])

        let picture = random(6 * 8 * 3, seed: 1)
        expectClose(try graph.result(picture), try sketch([.batch, 3, 6, 8], channelsFirst).result(picture))
    }

    /// A gate [N, 1, 1, C], reshaped there in NHWC order.
    @Test func gateInTheOtherOrder() throws {
        func gated(last: Bool) -> Graph {
            sketch([.batch, 4, 3, 2]) { graph, x in
                let pooled = graph.add(.globalAveragePool, x)
                let vector = graph.add(.reshape(allowsZero: false), pooled, graph.integers(last ? [-1, 1, 1, 4] : [-1, 4, 1, 1]))
                let gate = graph.add(.activation(.sigmoid), vector)
                guard last else { return graph.add(.binary(.multiply), x, gate) }
                let map = graph.add(.transpose([0, 2, 3, 1]), x)
                return graph.add(.transpose([0, 3, 1, 2]), graph.add(.binary(.multiply), map, gate))
            }
        }
        let picture = random(24, seed: 2)
        #expect(try gated(last: true).network().layers.count == 3)
        expectClose(try gated(last: true).result(picture), try gated(last: false).result(picture))
    }

    @Test func concatenationAlongTheLastAxis() throws {
        let graph = sketch([.batch, 2, 3, 4]) { graph, x in
            let map = graph.add(.transpose([0, 2, 3, 1]), x)
            let joined = graph.add(.concat(axis: -1), map, graph.add(.activation(.relu), map))
            return graph.add(.transpose([0, 3, 1, 2]), joined)
        }
        let result = try graph.after(.foldConstants, .eliminateTransposes)
        #expect(result.labels == ["activation", "concat"])
        let picture = random(24, seed: 3)
        let pairs = stride(from: 0, to: 24, by: 2).flatMap { [picture[$0], picture[$0 + 1], max(picture[$0], 0), max(picture[$0 + 1], 0)] }
        #expect(try graph.result(picture) == pairs)
    }

    /// A value whose transpositions have cancelled out meets one that never had any.
    @Test func anIdentityIsNotCarried() throws {
        let graph = sketch([.batch, 3, 4, 5]) { graph, x in
            let first = graph.conv(x, 3, 3)
            let last = graph.add(.activation(.relu), graph.add(.transpose([0, 2, 3, 1]), first))
            return graph.add(.binary(.add), graph.add(.transpose([0, 3, 1, 2]), last), first)
        }
        #expect(try graph.after(.foldConstants, .eliminateTransposes).labels == ["conv", "activation", "binary"])
        let plain = sketch([.batch, 3, 4, 5]) { graph, x in
            let first = graph.conv(x, 3, 3)
            return graph.add(.binary(.add), graph.add(.activation(.relu), first), first)
        }
        let picture = random(60, seed: 5)
        expectClose(try graph.result(picture), try plain.result(picture))
    }

    @Test func channelsFirstInputStaysWhatItIs() throws {
        let graph = sketch([.batch, 3, 6, 8]) { graph, x in
            graph.add(.transpose([0, 3, 1, 2]), graph.add(.activation(.relu), graph.add(.transpose([0, 2, 3, 1]), x)))
        }
        let result = try graph.after(.foldConstants, .eliminateTransposes)
        #expect(result.labels == ["activation"])
        #expect(result.input == graph.input)
    }

    @Test func aTranspositionThatMattersIsReported() {
        let graph = sketch([.batch, 3, 6, 6]) { graph, x in graph.conv(graph.add(.transpose([0, 1, 3, 2]), x), 3, 2) }
        #expect { try graph.network() } throws: { error in
            guard case GraphError.unsupported(let nodes)? = error as? GraphError else { return false }
            return nodes.map(\.kind) == ["Transpose"]
        }
    }
}
