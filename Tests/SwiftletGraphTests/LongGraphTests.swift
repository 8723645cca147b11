import Testing

@testable import SwiftletGraph

/// Chains of twenty thousand nodes. A pass that looks at all nodes for each one, or calls itself once a node, does not come through these:
/// the one takes many minutes, the other overflows the stack.
struct LongGraphTests {
    static let length = 20_000

    /// A kind of chain.
    struct Chain: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var shape: Shape
        /// Adds a link: the graph, the chain's end so far, and how many links there are.
        var link: @Sendable (inout Graph, ValueID, Int) -> ValueID

        init(_ name: String, _ shape: Shape = [.batch, 4, 2, 2], link: @escaping @Sendable (inout Graph, ValueID, Int) -> ValueID) {
            testDescription = name
            self.shape = shape
            self.link = link
        }
    }

    static let arithmetic: [Chain] = [
        Chain("multiply") { graph, x, index in graph.link(.binary(.multiply), x, graph.scalar(index % 2 == 0 ? 2 : 0.5)) },
        Chain("multiply per channel") { graph, x, _ in graph.link(.binary(.multiply), x, graph.constant([2, 0.5, 1, 1], [4, 1, 1])) },
        Chain("add a constant") { graph, x, index in graph.link(.binary(.add), x, graph.scalar(index % 2 == 0 ? 1 : -1)) },
        Chain("add itself") { graph, x, _ in graph.link(.binary(.add), x, x) },
        Chain("multiply by itself") { graph, x, _ in graph.link(.binary(.multiply), x, x) },
        Chain("normalization") { graph, x, _ in
            let numbers = graph.constant([1, 2, 1, 2])
            return graph.link(.batchNormalization(epsilon: 0), x, numbers, numbers, numbers, numbers)
        },
        Chain("relu") { graph, x, _ in graph.link(.activation(.relu), x) },
        Chain("hard-sigmoid") { graph, x, _ in graph.link(.activation(.hardSigmoid(slope: 0.2, offset: 0.5)), x) },
        Chain("clip") { graph, x, index in graph.link(.clip, x, graph.scalar(-Float(index)), graph.scalar(Float(index))) },
        Chain("clip from 0") { graph, x, index in graph.link(.clip, x, graph.scalar(0), graph.scalar(Float(1 + index))) },
        Chain("clip and multiply") { graph, x, index in
            index % 2 == 0 ? graph.link(.clip, x, graph.scalar(0), graph.scalar(6)) : graph.link(.binary(.multiply), x, graph.scalar(0.5))
        },
        Chain("softmax", [.batch, 4]) { graph, x, _ in graph.link(.softmax(axis: 1, flattensRest: false), x) },
    ]

    static let order: [Chain] = [
        Chain("identity") { graph, x, _ in graph.link(.identity, x) },
        Chain("transposition") { graph, x, index in graph.link(.transpose(index % 2 == 0 ? [0, 2, 3, 1] : [0, 3, 1, 2]), x) },
        Chain("transposition and sigmoid") { graph, x, index in
            if index % 2 == 0 { return graph.link(.transpose([0, 2, 3, 1]), x) }
            return graph.link(.transpose([0, 3, 1, 2]), graph.link(.activation(.sigmoid), x))
        },
        Chain("transposition and softmax") { graph, x, _ in
            graph.link(.softmax(axis: 1, flattensRest: false), graph.link(.transpose([0, 2, 3, 1]), x))
        },
        Chain("reshape", [.batch, 8, 1, 1]) { graph, x, index in
            graph.link(.reshape(allowsZero: false), x, graph.integers(index % 2 == 0 ? [0, -1] : [0, -1, 1, 1]))
        },
        Chain("reshape of a map") { graph, x, index in
            graph.link(.reshape(allowsZero: false), x, graph.integers(index % 2 == 0 ? [0, 2, 4, 2] : [0, 4, 2, 2]))
        },
        Chain("concatenation") { graph, x, _ in graph.link(.concat(axis: 1), x) },
        Chain("concatenation that grows", [.batch, 1, 1, 1]) { graph, x, _ in graph.link(.concat(axis: 1), x, graph.input) },
    ]

    static let selections: [Chain] = [
        Chain("permutation") { graph, x, _ in graph.link(.gather(axis: 1), x, graph.integers([1, 0, 3, 2])) },
        Chain("permutation and sigmoid") { graph, x, _ in
            graph.link(.activation(.sigmoid), graph.link(.gather(axis: 1), x, graph.integers([1, 0, 3, 2])))
        },
        Chain("halves exchanged") { graph, x, _ in
            let halves = (0..<2).map { graph.link(.split(axis: 1, index: $0, count: 2), x) }
            return graph.link(.concat(axis: 1), halves[1], halves[0])
        },
        Chain("half worked on, and joined with the other") { graph, x, index in
            let halves = (0..<2).map { graph.link(.split(axis: 1, index: $0, count: 2), x) }
            return graph.link(.concat(axis: 1), halves[1], graph.link(.activation(.sigmoid), halves[0]))
        },
        Chain("slice of all") { graph, x, _ in
            graph.link(.slice, x, graph.integers([0]), graph.integers([4]), graph.integers([1]))
        },
        Chain("expansion to the same") { graph, x, _ in graph.link(.expand, x, graph.integers([1, 4, 2, 2])) },
        Chain("expansion of a gate") { graph, x, _ in
            let gate = graph.link(.expand, graph.link(.globalAveragePool, x), graph.integers([1, 4, 2, 2]))
            return graph.link(.binary(.multiply), x, gate)
        },
    ]

    static let functions: [Chain] = [
        Chain("difference") { graph, x, _ in graph.link(.binary(.subtract), x, graph.input) },
        Chain("slopes") { graph, x, _ in graph.link(.prelu, x, graph.constant([0.1, 0.2, 0.3, 0.4], [4, 1, 1])) },
        Chain("gate of itself") { graph, x, _ in
            graph.link(.binary(.multiply), x, graph.link(.activation(.sigmoid), graph.link(.binary(.multiply), x, graph.scalar(2))))
        },
        Chain("gate of its square") { graph, x, _ in
            graph.link(.binary(.multiply), x, graph.link(.activation(.tanh), graph.link(.binary(.multiply), x, x)))
        },
        Chain("gate of a sum") { graph, x, _ in
            let sum = graph.link(.binary(.add), x, graph.link(.binary(.multiply), x, x))
            return graph.link(.binary(.multiply), sum, graph.link(.activation(.sigmoid), sum))
        },
        Chain("largest of each channel", [.batch, 4, 1, 1]) { graph, x, _ in
            graph.link(.reduce(.maximum, keepsDimensions: true), x, graph.integers([2, 3]))
        },
        Chain("log-softmax", [.batch, 4]) { graph, x, _ in
            graph.link(.answer(.logSoftmax, axis: 1, keepsDimensions: true), x)
        },
        Chain("unsupported") { graph, x, _ in graph.link(.unsupported("nothing"), x) },
    ]

    static let windows: [Chain] = [
        Chain("convolution") { graph, x, index in graph.link(.conv(ConvAttributes(window: Window())), x, weights(&graph, index)) },
        Chain("convolution and clip") { graph, x, index in
            index % 2 == 0
                ? graph.link(.conv(ConvAttributes(window: Window())), x, weights(&graph, index))
                : graph.link(.clip, x, graph.scalar(-.infinity), graph.scalar(6))
        },
        Chain("convolution and residual") { graph, x, index in
            graph.link(
                .activation(.relu),
                graph.link(.binary(.add), x, graph.link(.conv(ConvAttributes(window: Window())), x, weights(&graph, index))))
        },
        Chain("padding") { graph, x, index in graph.link(.pad, x, graph.integers([0, 0, 0, 0, 0, 0, 0, index % 2])) },
        Chain("average pooling") { graph, x, _ in graph.link(.globalAveragePool, x) },
        Chain("max pooling") { graph, x, _ in graph.link(.windowedPool(PoolAttributes(kind: .max, window: window(3, pad: 1))), x) },
    ]

    @Test(arguments: arithmetic + order + selections + functions + windows) func chain(_ chain: Chain) throws {
        let graph = sketch(chain.shape) { graph, x in (0..<Self.length).reduce(x) { chain.link(&graph, $0, $1) } }
        // Some become a network, some are nothing that there are layers for: both have to be found soon.
        do {
            #expect(try graph.network().layers.count <= 3 * Self.length)
        } catch let error as GraphError {
            #expect(!error.description.isEmpty)
        }
    }

    /// Shape arithmetic as long, none of which depends on a picture.
    @Test func constants() throws {
        let graph = sketch([.batch, 4]) { graph, x in
            var value = graph.scalar(0)
            let one = graph.scalar(1)
            for _ in 0..<Self.length { value = graph.link(.binary(.add), value, one) }
            return graph.link(.activation(.relu), graph.link(.binary(.add), x, value))
        }
        #expect(try graph.result([-1, 1, 2, 3]) == [19_999, 20_001, 20_002, 20_003])
    }

    /// Many convolutions that each read the end of one long chain of reshapes.
    @Test func readersOfOneChain() throws {
        let graph = sketch([.batch, 4, 2, 2]) { graph, x in
            var value = x
            for index in 0..<5000 {
                value = graph.link(.reshape(allowsZero: false), value, graph.integers(index % 2 == 0 ? [0, 2, 4, 2] : [0, 4, 2, 2]))
            }
            value = graph.link(.flatten(axis: 1), value)
            let weights = graph.constant([Float](repeating: 0.25, count: 16), [16, 1])
            var sum = graph.link(.matMul, value, weights)
            for _ in 0..<5000 { sum = graph.link(.binary(.add), sum, graph.link(.matMul, value, weights)) }
            return sum
        }
        #expect(try graph.network().layers.count > 5000)
    }
}

extension Graph {
    /// As `add`, but quick: a label of each operation would take most of the tests' time.
    fileprivate mutating func link(_ operation: NodeOperation, _ inputs: ValueID...) -> ValueID {
        addNode("node\(nodes.count)", kind: "node", operation, inputs)
    }
}

private func weights(_ graph: inout Graph, _ seed: Int) -> ValueID {
    graph.constant(random(16, seed: seed), [4, 4, 1, 1])
}
