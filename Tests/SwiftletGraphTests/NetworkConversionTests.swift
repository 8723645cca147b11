import Testing

@testable import SwiftletGraph

struct NetworkConversionTests {
    @Test func affinesAndPaddingThatNobodyTakesBecomeDepthwise() throws {
        let graph = sketch([.batch, 2, 3, 3]) { graph, x in
            let shifted = graph.add(.binary(.add), x, graph.constant([10, 20], [2, 1, 1]))
            let padded = graph.add(.pad, graph.add(.activation(.sigmoid), shifted), graph.integers([0, 0, 0, 1, 0, 0, 0, 0]))
            return graph.add(.activation(.relu), padded)
        }
        let network = try graph.network()
        #expect(network.statistics.map(\.kind) == ["depthwise", "depthwise"])
        #expect(network.tensors[network.output] == Tensor(name: "activation3", height: 3, width: 4, channels: 2))
    }

    @Test func theLargerOperandComesFirst() throws {
        let graph = sketch([.batch, 2, 3, 3]) { graph, x in
            graph.add(.binary(.multiply), graph.add(.activation(.sigmoid), graph.add(.globalAveragePool, x)), x)
        }
        let network = try graph.network()
        #expect(network.layers[2].inputs == [network.input, network.layers[1].output])
    }

    @Test func concatenationJoinsChannels() throws {
        let graph = sketch([.batch, 1, 1, 2]) { graph, x in graph.add(.concat(axis: -3), x, graph.add(.activation(.relu), x)) }
        #expect(try graph.result([-1, 2]) == [-1, 0, 2, 2])
        let rows = sketch([.batch, 1, 1, 2]) { graph, x in graph.add(.concat(axis: 2), x, graph.add(.activation(.relu), x)) }
        #expect(throws: GraphError.self) { try rows.network() }
    }

    @Test func allThatIsLeftIsListedInOneLine() throws {
        let graph = sketch([.batch, 4, 3, 3]) { graph, x in
            let table = graph.add(.binary(.add), x, graph.constant(random(9, seed: 1), [3, 3]))
            let softmax = graph.add(.softmax(axis: 1, flattensRest: false), x)
            // It hangs on what is listed, and is not itself.
            return graph.add(.binary(.divide), softmax, table)
        }
        #expect { try graph.network() } throws: { error in
            guard case GraphError.unsupported(let nodes)? = error as? GraphError else { return false }
            return nodes.map(\.name) == ["binary0", "softmax1"] && !"\(error)".contains("\n")
        }
    }

    /// What no .slet file can hold is unsupported, not a failure of writing it.
    @Test func whatAFileCannotHoldIsUnsupported() {
        var dilated = PoolAttributes(kind: .max, window: window(2))
        (dilated.window.dilationHeight, dilated.window.dilationWidth) = (2, 2)
        let pooling = sketch([.batch, 1, 6, 6]) { graph, x in graph.add(.windowedPool(dilated), x) }
        let joining = sketch([.batch, 1, 2, 2]) { graph, x in
            graph.addNode("joined", .concat(axis: 1), [ValueID](repeating: graph.add(.activation(.relu), x), count: 256))
        }
        for (graph, name) in [(pooling, "windowedPool0"), (joining, "joined")] {
            #expect { try graph.network() } throws: { error in
                guard case GraphError.unsupported(let nodes)? = error as? GraphError else { return false }
                return nodes.map(\.name) == [name]
            }
        }
    }

    @Test func outputThatIsAConstantFails() {
        let graph = sketch([.batch, 4]) { graph, _ in graph.add(.identity, graph.constant([1, 2])) }
        #expect(throws: GraphError.self) { try graph.network() }
    }

    @Test func errorsStayOnOneLine() {
        #expect("\(GraphError.invalid(node: "a\nb\u{1}", reason: "c\r\nd"))" == "node 'a?b?': c?d")
    }
}
