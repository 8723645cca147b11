import Testing

@testable import SwiftletGraph

struct RemoveReshapesTests {
    @Test func vectorsAreOneThingInAnyShape() throws {
        let graph = sketch([.batch, 4, 3, 3]) { graph, x in
            var value = graph.add(.globalAveragePool, x)
            value = graph.add(.flatten(axis: 1), value)
            value = graph.add(.activation(.relu), value)
            value = graph.add(.reshape(allowsZero: false), value, graph.integers([-1, 1, 1, 4]))
            value = graph.add(.transpose([0, 3, 2, 1]), value)
            value = graph.add(.activation(.sigmoid), value)
            return graph.add(.squeeze, value, graph.integers([2, 3]))
        }
        #expect(try graph.after(.foldConstants, .removeReshapes).labels == ["globalAveragePool", "activation", "activation"])
    }

    @Test func mapsAreNot() throws {
        let flatten = sketch([.batch, 4, 3, 3]) { graph, x in graph.add(.flatten(axis: 1), x) }
        #expect(try flatten.after(.foldConstants, .removeReshapes).labels == ["flatten"])
        // One row of one channel is a map, although only one extent is not 1.
        let row = sketch([.batch, 1, 1, 5]) { graph, x in graph.add(.flatten(axis: 1), x) }
        #expect(try row.after(.foldConstants, .removeReshapes).labels == ["flatten"])
    }

    @Test func whatRearrangesAMapIsReported() {
        let graph = sketch([.batch, 4, 3, 3]) { graph, x in
            let shuffled = graph.add(.reshape(allowsZero: false), x, graph.integers([0, 2, 6, 3]))
            return graph.conv(shuffled, 2, 2)
        }
        let expected = UnsupportedNode(name: "reshape0", kind: "reshape", reason: "it rearranges a map")
        #expect(throws: GraphError.unsupported([expected])) { try graph.network() }
    }
}
