import Testing

@testable import SwiftletGraph

/// Shape inference, through the pass that runs it.
struct ShapeTests {
    private func outputShape(_ graph: Graph) throws -> Shape? {
        let folded = try graph.after(.foldConstants)
        return folded.values[folded.output].shape
    }

    @Test(arguments: [[-1, 24], [0, -1], [1, 24], [1, -1], [8, 24]])
    func flatReshapeFindsTheBatch(target: [Int]) throws {
        let graph = sketch([.batch, 4, 2, 3]) { graph, x in graph.add(.reshape(allowsZero: false), x, graph.integers(target)) }
        #expect(try outputShape(graph) == [.batch, 24])
    }

    @Test(arguments: [[0, 0, 6], [-1, 4, 6], [1, 4, -1], [0, -1, 6]])
    func reshapeFindsTheBatch(target: [Int]) throws {
        let graph = sketch([.batch, 4, 2, 3]) { graph, x in graph.add(.reshape(allowsZero: false), x, graph.integers(target)) }
        #expect(try outputShape(graph) == [.batch, 4, 6])
    }

    @Test(arguments: [[-1, 7], [5, 5], [-1, -1], [-2, 24], [0, 0, 0, 0, 0], [Int.max, Int.max]])
    func reshapeToWhatDoesNotFitFails(target: [Int]) {
        let graph = sketch([.batch, 4, 2, 3]) { graph, x in graph.add(.reshape(allowsZero: false), x, graph.integers(target)) }
        #expect(throws: GraphError.self) { try outputShape(graph) }
    }

    @Test func flattenSqueezeUnsqueeze() throws {
        let graph = sketch([.batch, 4, 1, 1]) { graph, x in
            let flat = graph.add(.flatten(axis: -3), x)
            let map = graph.add(.unsqueeze, flat, graph.integers([-1, 2]))
            return graph.add(.squeeze, map, graph.integers([-1]))
        }
        #expect(try outputShape(graph) == [.batch, 4, 1])
    }

    @Test func squeezeWithoutAxesKeepsTheBatch() throws {
        let graph = sketch([.batch, 4, 1, 1]) { graph, x in graph.add(.squeeze, x) }
        #expect(try outputShape(graph) == [.batch, 4])
    }

    @Test(arguments: [
        (AutomaticPadding.sameUpper, [0, 1]), (.sameLower, [1, 0]), (.valid, [0, 0]),
    ])
    func automaticPadding(rule: AutomaticPadding, pads: [Int]) {
        let resolved = window(3, stride: 2).resolved(rule, height: 8, width: 8)
        #expect([resolved.padTop, resolved.padBottom] == pads)
        #expect([resolved.padLeft, resolved.padRight] == pads)
    }

    /// 7 wide, windows of 2 every 3: starts 0, 3, 6; the last is half filled. 6 wide with a pad in front of 3: no window starts behind.
    @Test func roundingUp() {
        #expect(window(2, stride: 3).roundedUp(height: 7, width: 6).padBottom == 1)
        #expect(window(2, stride: 3).roundedUp(height: 7, width: 5).padRight == 0)
        #expect(window(2, stride: 3).roundedUp(height: 7, width: 6).padRight == 0)
    }

    @Test func convolutionThatDoesNotFitItsInputNamesTheNode() {
        let graph = sketch([.batch, 3, 8, 8]) { graph, x in graph.conv(x, 4, 2) }
        #expect(throws: GraphError.invalid(node: "conv0", reason: "weights [2, 4, 1, 1] do not fit 3 channels in 1 groups")) {
            try outputShape(graph)
        }
    }

    @Test func windowLargerThanTheMapFails() {
        let graph = sketch([.batch, 3, 4, 4]) { graph, x in graph.add(.windowedPool(PoolAttributes(kind: .max, window: window(5))), x) }
        #expect(throws: GraphError.self) { try outputShape(graph) }
    }
}
