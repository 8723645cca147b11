import Testing

@testable import SwiftletGraph

struct RemoveIdentitiesTests {
    @Test func nodesThatHandTheirInputOnVanish() throws {
        let graph = sketch([.batch, 4, 5, 5]) { graph, x in
            var value = graph.add(.identity, x)
            value = graph.add(.cast(toInteger: false), value)
            value = graph.add(.activation(.relu), value)
            value = graph.add(.reshape(allowsZero: false), value, graph.integers([0, 0, 5, 5]))
            value = graph.add(.pad, value, graph.integers([0, 0, 0, 0, 0, 0, 0, 0]))
            value = graph.add(.transpose([0, 1, 2, 3]), value)
            value = graph.add(.concat(axis: 1), value)
            return graph.add(.identity, value)
        }
        let result = try graph.after(.foldConstants, .removeIdentities)
        #expect(result.labels == ["activation"])
        #expect(result.nodes[0].inputs == [result.input])
        #expect(result.output == result.nodes[0].output)
    }

    @Test func whatChangesSomethingStays() throws {
        let graph = sketch([.batch, 4, 5, 5]) { graph, x in
            let padded = graph.add(.pad, x, graph.integers([0, 0, 1, 0, 0, 0, 0, 0]))
            return graph.add(.transpose([0, 2, 3, 1]), padded)
        }
        #expect(try graph.after(.foldConstants, .removeIdentities).labels == ["pad", "transpose"])
    }
}
