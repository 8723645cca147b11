import Testing

@testable import SwiftletGraph

struct StripHeadsTests {
    private func network(_ shape: Shape, axis: Int, flattensRest: Bool = false) throws -> Network {
        try sketch(shape) { graph, x in
            graph.add(.identity, graph.add(.softmax(axis: axis, flattensRest: flattensRest), graph.add(.activation(.relu), x)))
        }.network()
    }

    @Test func atTheEndOverTheClasses() throws {
        for (shape, axis, flattensRest) in [([.batch, 5] as Shape, -1, false), ([.batch, 5], 1, true), ([.batch, 5, 1, 1], 1, false)] {
            let network = try network(shape, axis: axis, flattensRest: flattensRest)
            #expect(network.endsInSoftmax)
            #expect(network.layers.count == 1)
            #expect(network.output == network.layers[0].output)
        }
    }

    @Test func overAnotherAxisIsReported() {
        #expect(throws: GraphError.self) { try network([.batch, 5, 1, 1], axis: -1) }
        #expect(throws: GraphError.self) { try network([.batch, 5, 2, 2], axis: 1) }
    }

    @Test func inTheMiddleIsReported() {
        let graph = sketch([.batch, 5]) { graph, x in
            graph.add(.activation(.relu), graph.add(.softmax(axis: -1, flattensRest: false), x))
        }
        let expected = UnsupportedNode(name: "softmax0", kind: "softmax", reason: "not at the end, or not over the classes")
        #expect(throws: GraphError.unsupported([expected])) { try graph.network() }
    }

    @Test func withoutSoftmax() throws {
        let graph = sketch([.batch, 5]) { graph, x in graph.add(.activation(.relu), x) }
        #expect(try graph.network().endsInSoftmax == false)
    }
}
