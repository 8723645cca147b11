import Testing

@testable import SwiftletGraph

/// Graphs that small files describe, and that would take any amount of memory or time: each is refused, with the node's name.
struct HostileGraphTests {
    private func expectInvalid(_ reason: String, _ graph: Graph, sourceLocation: SourceLocation = #_sourceLocation) {
        do {
            _ = try graph.network()
            Issue.record("it was read", sourceLocation: sourceLocation)
        } catch {
            #expect(reason.isEmpty || "\(error)".contains(reason), sourceLocation: sourceLocation)
        }
    }

    @Test(arguments: [
        [0, 2_147_483_647, 2_147_483_647], [2_147_483_647, 2_147_483_647, 0], [0, Int.max], [-1, 0], [1 << 31, 0], [1 << 62, 4],
        [Int](repeating: 1, count: 65),
    ])
    func shapesOfNothingThatAreTooLarge(shape: [Int]) {
        #expect(Constant(shape: shape, elements: .floats([])) == nil)
        #expect(Constant(shape: shape, elements: .floats([1])) == nil)
    }

    @Test func productsIgnoreTheOrderOfZeros() {
        #expect([0, 1 << 40, 1 << 40].checkedProduct == nil)
        #expect([1 << 40, 1 << 40, 0].checkedProduct == nil)
        #expect([3, 0, 5].checkedProduct == 0)
        #expect([3, 0, 5].checkedExtent == 15)
    }

    /// 2^26 elements, doubled six times.
    @Test func constantsThatDouble() {
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 3, 8, 8]) { graph, x in
                var value = graph.add(.constantOfShape(Constant(0)), graph.integers([1 << 26]))
                for _ in 0..<6 { value = graph.add(.concat(axis: 0), value, value) }
                return graph.add(.binary(.add), x, value)
            })
    }

    /// Each is small, their sum is not.
    @Test func manyConstants() {
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 10_000]) { graph, x in
                (0..<1000).reduce(x) { value, _ in
                    graph.add(.binary(.add), value, graph.add(.constantOfShape(Constant(0)), graph.integers([1, 10_000])))
                }
            })
    }

    @Test(arguments: [[1 << 20, 0, 1 << 10], [1 << 15, 1 << 15, 0]]) func loopsOverNothing(shape: [Int]) {
        for axis in 0..<3 {
            expectInvalid(
                "",
                sketch([.batch, 3, 8, 8]) { graph, x in
                    let empty = graph.constant([], shape)
                    let value = graph.add(.concat(axis: axis), empty, graph.add(.gather(axis: axis), empty, graph.integers([])))
                    return graph.add(.binary(.add), x, graph.add(.transpose([2, 0, 1]), value))
                })
        }
    }

    @Test func rangesAndBroadcasts() {
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 3]) { graph, x in
                let numbers = [0, 1 << 30, 1].map { graph.addConstant(Constant(shape: [], elements: .integers([.fixed($0)]))!) }
                return graph.add(.binary(.add), x, graph.add(.range, numbers[0], numbers[1], numbers[2]))
            })
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 3]) { graph, x in
                let long = graph.constant([Float](repeating: 1, count: 30_000), [30_000, 1])
                return graph.add(.binary(.add), x, graph.add(.binary(.add), long, graph.add(.transpose([1, 0]), long)))
            })
    }

    /// One vector that many multiplications share, one matrix that many layers share.
    @Test func sharedConstants() {
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 50_000, 1, 1]) { graph, x in
                let factors = graph.constant(random(50_000, seed: 1), [50_000, 1, 1])
                return (0..<1000).reduce(x) { value, _ in graph.add(.binary(.multiply), value, factors) }
            })
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 500]) { graph, x in
                let matrix = graph.constant(random(250_000, seed: 1), [500, 500])
                return (0..<1000).reduce(x) { value, _ in graph.add(.matMul, value, matrix) }
            })
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 60_000, 1, 1]) { graph, x in
                (0..<1000).reduce(x) { value, _ in graph.add(.pad, value, graph.integers([0, 0, 0, 0, 0, 0, 0, 1])) }
            })
    }

    /// Channels without end, taken or shuffled.
    @Test func selectionsOfManyChannels() {
        let wide: Shape = [.batch, .fixed(1 << 30), 1, 1]
        expectInvalid(
            "takes more memory or time",
            sketch(wide) { graph, x in
                graph.add(.slice, x, graph.integers([1]), graph.integers([1 << 30]), graph.integers([1]))
            })
        expectInvalid("takes more memory or time", sketch(wide) { graph, x in graph.add(.split(axis: 1, index: 1, count: 2), x) })
        expectInvalid(
            "takes more memory or time",
            sketch(wide) { graph, x in
                let parts = graph.add(.reshape(allowsZero: false), x, graph.integers([-1, 2, 1 << 29, 1, 1]))
                return graph.add(
                    .reshape(allowsZero: false), graph.add(.transpose([0, 2, 1, 3, 4]), parts), graph.integers([-1, 1 << 30, 1, 1]))
            })
        // Each of a thousand takes a little.
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 40_000, 1, 1]) { graph, x in
                (0..<1000).reduce(x) { value, _ in
                    let halves = (0..<2).map { graph.add(.split(axis: 1, index: $0, count: 2), value) }
                    return graph.add(.activation(.sigmoid), graph.add(.concat(axis: 1), halves[1], halves[0]))
                }
            })
    }

    /// A convolution over a vector's channels becomes a matrix of their square.
    @Test func convolutionsOverManyChannels() {
        expectInvalid(
            "takes more memory or time",
            sketch([.batch, 1, 60_000]) { graph, x in
                var attributes = ConvAttributes(window: Window())
                (attributes.window.kernelWidth, attributes.window.padLeft, attributes.window.padRight) = (3, 1, 1)
                return graph.add(.conv(attributes), x, graph.constant([1, 2, 3], [1, 1, 3]))
            })
    }

    @Test func partsThatAreNone() {
        for lengths in [[1, 1], [3], [-1, 4], [Int.max, 1], [0, 3]] {
            expectInvalid(
                "", sketch([.batch, 3, 2, 2]) { graph, x in graph.add(.split(axis: 1, index: 0, count: 2), x, graph.integers(lengths)) })
        }
        for repeats in [[1, -1, 1, 1], [1, Int.max, 1, 1], [1, 1]] {
            expectInvalid("", sketch([.batch, 3, 2, 2]) { graph, x in graph.add(.tile, x, graph.integers(repeats)) })
        }
        for sizes in [[1, Int.max, Int.max, 1], [1, -1, 2, 2], [0, 3, 2, 2]] {
            expectInvalid("", sketch([.batch, 3, 2, 2]) { graph, x in graph.add(.expand, x, graph.integers(sizes)) })
        }
    }

    @Test func emptyActivations() {
        expectInvalid("empty", sketch([.batch, 0, 8, 8]) { graph, x in graph.add(.activation(.relu), x) })
        expectInvalid("", sketch([.batch, 3, 8, 8]) { graph, x in graph.add(.reshape(allowsZero: true), x, graph.integers([0, 0])) })
    }

    @Test func axesWithoutEnd() {
        expectInvalid("axes", sketch([.batch, 3]) { graph, x in graph.add(.unsqueeze, x, graph.integers(Array(0..<1000))) })
        expectInvalid(
            "integers",
            sketch([.batch, 3]) { graph, x in
                graph.add(.reshape(allowsZero: false), x, graph.integers([Int](repeating: 1, count: 100_000)))
            })
    }

    /// Operands of odd ranks beside a transposition.
    @Test func transpositionsBesideOddConstants() throws {
        for operand in [Constant(shape: [1, 1, 1, 1, 2], elements: .floats([0, 1]))!, Constant(shape: [2], elements: .floats([0, 1]))!] {
            let graph = sketch([.batch, 2, 2, 2]) { graph, x in
                graph.add(.clip, graph.add(.transpose([0, 2, 3, 1]), x), graph.addConstant(operand))
            }
            #expect(throws: GraphError.self) { try graph.network() }
        }
        let mean = sketch([.batch, 2, 2, 2]) { graph, x in
            graph.add(.reduce(.mean, keepsDimensions: false), graph.add(.transpose([0, 2, 3, 1]), x), graph.integers([]))
        }
        #expect(throws: GraphError.self) { try mean.network() }
    }
}
