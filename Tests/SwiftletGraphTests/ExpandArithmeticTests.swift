import Testing

@testable import SwiftletGraph

struct ExpandArithmeticTests {
    @Test func differencesNegationsAndSquares() throws {
        let graph = sketch([.batch, 3]) { graph, x in
            let square = graph.add(.binary(.power), x, graph.scalar(2))
            return graph.add(.binary(.subtract), graph.add(.unary(.negative), square), graph.add(.activation(.relu), x))
        }
        #expect(try graph.result([-2, 1, 3]) == [-4, -2, -12])
    }

    @Test func slopesPerChannel() throws {
        let graph = sketch([.batch, 2, 1, 2]) { graph, x in graph.add(.prelu, x, graph.constant([0.5, -2], [2, 1, 1])) }
        #expect(try graph.result([-4, -3, 6, 5]) == [-2, 6, 6, 5])
        let same = sketch([.batch, 2, 1, 2]) { graph, x in graph.add(.prelu, x, graph.constant([0.25, 0.25], [2, 1, 1])) }
        #expect(try same.network().layers.count == 1)
        #expect(try same.result([-4, -3, 6, 5]) == [-1, -0.75, 6, 5])
    }
}
