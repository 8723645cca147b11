import Testing

@testable import SwiftletGraph

struct DropBroadcastsTests {
    /// `x * gate.expand_as(x)`, and the same by tiling or resizing a map of one position.
    @Test(arguments: [0, 1, 2]) func expansionsThatArithmeticDoesAnyway(form: Int) throws {
        let graph = sketch([.batch, 2, 2, 3]) { graph, x in
            let gate = graph.add(.activation(.sigmoid), graph.add(.globalAveragePool, x))
            let none = graph.integers([])
            let whole =
                switch form {
                case 0: graph.add(.expand, gate, graph.integers([1, 2, 2, 3]))
                case 1: graph.add(.tile, gate, graph.integers([1, 1, 2, 3]))
                default:
                    graph.add(
                        .resize(ResizeAttributes(isLinear: true, hasRegion: true)), gate, none, none, graph.integers([1, 2, 2, 3]))
                }
            return graph.add(.binary(.multiply), x, whole)
        }
        #expect(try graph.network().statistics.map(\.kind) == ["global average pool", "activation", "multiply"])
        #expect(try graph.result([Float](repeating: 0, count: 12)) == [Float](repeating: 0, count: 12))
    }

    @Test func anExpansionThatIsNeededIsReported() {
        let graph = sketch([.batch, 2, 1, 1]) { graph, x in
            graph.add(.activation(.relu), graph.add(.expand, x, graph.integers([1, 2, 2, 3])))
        }
        let expected = UnsupportedNode(
            name: "expand0", kind: "expand", reason: "it repeats a map, and not only for the arithmetic behind it")
        #expect(throws: GraphError.unsupported([expected])) { try graph.network() }
    }
}
