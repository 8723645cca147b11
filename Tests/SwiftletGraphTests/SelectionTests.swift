import Testing

@testable import SwiftletGraph

struct SelectionTests {
    private let picture = (1...8).map(Float.init)  // [2][2][2]

    /// A part of a split along the channels.
    private func part(_ graph: inout Graph, _ x: ValueID, _ index: Int, of count: Int = 2) -> ValueID {
        graph.add(.split(axis: 1, index: index, count: count), x)
    }

    @Test func whatTakesAllIsNothing() throws {
        let whole = sketch([.batch, 2, 2, 2]) { graph, x in
            let slice = graph.add(.slice, x, graph.integers([0]), graph.integers([Int.max]), graph.integers([1]), graph.integers([1]))
            return graph.add(.activation(.relu), graph.add(.gather(axis: 1), slice, graph.integers([0, -1])))
        }
        #expect(try whole.network().layers.count == 1)
    }

    @Test func sliceSplitAndGatherTakeChannels() throws {
        let graphs = [
            sketch([.batch, 2, 2, 2]) { graph, x in part(&graph, x, 1) },
            sketch([.batch, 2, 2, 2]) { graph, x in
                graph.add(.slice, x, graph.integers([1]), graph.integers([2]), graph.integers([1]))
            },
            sketch([.batch, 2, 2, 2]) { graph, x in graph.add(.gather(axis: 1), x, graph.integers([-1])) },
        ]
        for graph in graphs { #expect(try graph.result(picture) == [2, 4, 6, 8]) }
        let rows = sketch([.batch, 2, 2, 2]) { graph, x in
            graph.add(.slice, x, graph.integers([1]), graph.integers([2]), graph.integers([2]))
        }
        #expect(try rows.result(picture) == [5, 6, 7, 8])
    }

    /// In NHWC, too.
    @Test func channelsOfTransposedMaps() throws {
        let graph = sketch([.batch, 2, 2, 2]) { graph, x in
            let last = graph.add(.transpose([0, 2, 3, 1]), x)
            let taken = graph.add(.gather(axis: 3), last, graph.integers([1]))
            return graph.add(.activation(.relu), graph.add(.transpose([0, 3, 1, 2]), taken))
        }
        #expect(try graph.result(picture) == [2, 4, 6, 8])
    }

    /// Reshape, transpose, reshape back: channel g * c + i becomes i * groups + g.
    private func shuffled(_ graph: inout Graph, _ x: ValueID, channels: Int, groups: Int, size: Int) -> ValueID {
        let parts = graph.add(.reshape(allowsZero: false), x, graph.integers([-1, groups, channels / groups, size, size]))
        return graph.add(
            .reshape(allowsZero: false), graph.add(.transpose([0, 2, 1, 3, 4]), parts), graph.integers([-1, channels, size, size]))
    }

    @Test func shufflesMoveChannels() throws {
        let graph = sketch([.batch, 6, 1, 1]) { graph, x in
            graph.add(.activation(.relu), shuffled(&graph, x, channels: 6, groups: 2, size: 1))
        }
        #expect(try graph.result([0, 1, 2, 3, 4, 5]) == [0, 3, 1, 4, 2, 5])
        let map = sketch([.batch, 4, 2, 2]) { graph, x in shuffled(&graph, x, channels: 4, groups: 2, size: 2) }
        #expect(try map.result((0..<16).map(Float.init)) == [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15])
    }

    /// The order goes into the weights that read it, past what works channel by channel.
    @Test func permutationsGoIntoWeights() throws {
        func graph(shuffles: Bool, _ order: [Int]) -> Graph {
            sketch([.batch, 4, 2, 2]) { graph, x in
                let moved =
                    shuffles ? shuffled(&graph, x, channels: 4, groups: 2, size: 2) : graph.add(.gather(axis: 1), x, graph.integers(order))
                let relu = graph.add(.activation(.relu), moved)
                let depthwise = graph.conv(relu, 4, 4, ConvAttributes(window: window(2), groups: 4), seed: 3)
                return graph.conv(graph.add(.globalAveragePool, depthwise), 4, 3, seed: 4)
            }
        }
        let network = try graph(shuffles: true, []).network()
        #expect(network.statistics.map(\.kind) == ["activation", "depthwise", "global average pool", "linear"])
        let input = random(16, seed: 9)
        let moved = stride(from: 0, to: 16, by: 4).flatMap { start in [0, 2, 1, 3].map { input[start + $0] } }
        expectClose(try graph(shuffles: true, []).result(input), try graph(shuffles: false, [0, 1, 2, 3]).result(moved))
        expectClose(try graph(shuffles: true, []).result(input), try graph(shuffles: false, [0, 2, 1, 3]).result(input))
    }

    /// Where selections alone read a convolution, each is one with its rows, the activation included.
    @Test func partsOfAConvolutionAreRowsOfItsWeights() throws {
        let graph = sketch([.batch, 2, 2, 2]) { graph, x in
            let whole = graph.add(.activation(.relu), graph.conv(x, 2, 6, seed: 1))
            let parts = (0..<3).map { part(&graph, whole, $0, of: 3) }
            let product = graph.add(.binary(.multiply), parts[0], parts[1])
            return graph.add(.binary(.multiply), product, parts[2])
        }
        let network = try graph.network()
        #expect(network.statistics.map(\.kind) == ["convolution", "convolution", "convolution", "multiply", "multiply"])
        #expect(network.layers.map(\.name).contains("conv0/1"))
        let whole = try sketch([.batch, 2, 2, 2]) { graph, x in graph.add(.activation(.relu), graph.conv(x, 2, 6, seed: 1)) }.result(
            picture)
        var expected: [Float] = []
        for start in [0, 6, 12, 18] {
            for channel in start..<start + 2 { expected.append(whole[channel] * whole[channel + 2] * whole[channel + 4]) }
        }
        expectClose(try graph.result(picture), expected)
    }

    /// ShuffleNet's unit: half passes, half is worked on, both are joined and shuffled. What passes several units is copied once.
    @Test func unitsOfShuffleNet() throws {
        func unit(_ graph: inout Graph, _ x: ValueID, seed: Int) -> ValueID {
            let halves = (0..<2).map { part(&graph, x, $0) }
            let worked = graph.add(.activation(.relu), graph.conv(halves[1], 4, 4, seed: seed))
            return shuffled(&graph, graph.add(.concat(axis: 1), halves[0], worked), channels: 8, groups: 2, size: 2)
        }
        let graph = sketch([.batch, 8, 2, 2]) { graph, x in
            let units = (1...3).reduce(graph.add(.activation(.sigmoid), x)) { unit(&graph, $0, seed: $1) }
            return graph.conv(units, 8, 5, seed: 7)
        }
        let network = try graph.network()
        #expect(network.statistics.filter { $0.kind == "concatenate" }.count <= 4)

        // The same without any rewriting of channels.
        var map = try sketch([.batch, 8, 2, 2]) { graph, x in graph.add(.activation(.sigmoid), x) }.result(random(32, seed: 2))
        for seed in 1...3 {
            let lower = [0, 8, 16, 24].flatMap { start in map[start + 4..<start + 8] }
            let worked = try sketch([.batch, 4, 2, 2]) { graph, x in graph.add(.activation(.relu), graph.conv(x, 4, 4, seed: seed)) }
                .result(lower)
            var joined: [Float] = []
            for position in 0..<4 {
                for channel in 0..<4 { joined += [map[position * 8 + channel], worked[position * 4 + channel]] }
            }
            map = joined
        }
        let expected = try sketch([.batch, 8, 2, 2]) { graph, x in graph.conv(x, 8, 5, seed: 7) }.result(map)
        expectClose(try graph.result(random(32, seed: 2)), expected)
    }

    /// Split into halves that are joined again in their order: there is nothing to copy.
    @Test func halvesJoinedAgainAreTheWhole() throws {
        let graph = sketch([.batch, 4, 2, 2]) { graph, x in
            let stem = graph.conv(x, 4, 4, seed: 1)
            let halves = (0..<2).map { part(&graph, stem, $0) }
            let worked = graph.conv(halves[1], 2, 2, seed: 2)
            return graph.add(.concat(axis: 1), graph.add(.concat(axis: 1), halves[0], halves[1]), worked)
        }
        let network = try graph.network()
        #expect(network.statistics.map(\.kind) == ["convolution", "concatenate", "convolution", "concatenate"])
        guard case .concatenate(nil) = network.layers[3].operation else {
            Issue.record("the last one selects")
            return
        }
        #expect(network.layers[3].inputs.count == 2)
    }
}
