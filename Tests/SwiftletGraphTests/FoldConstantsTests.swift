import Testing

@testable import SwiftletGraph

struct FoldConstantsTests {
    /// What Paddle writes for a flattening of any batch.
    @Test func shapeArithmeticKeepsTheBatch() throws {
        let graph = sketch([.batch, 8, 1, 1]) { graph, x in
            let shape = graph.add(.cast(toInteger: true), graph.add(.shape(start: 0, end: nil), x))
            let batch = graph.add(.slice, shape, graph.integers([0]), graph.integers([1]), graph.integers([0]))
            let target = graph.add(.concat(axis: 0), batch, graph.integers([-1]))
            return graph.add(.reshape(allowsZero: false), x, target)
        }
        let folded = try graph.after(.foldConstants)
        #expect(folded.labels == ["reshape"])
        #expect(folded.values[folded.output].shape == [.batch, 8])
        #expect(folded.values[folded.nodes[0].inputs[1]].constant?.dimensions == [.batch, -1])
    }

    /// What PyTorch writes for view(x.size(0), x.size(1), 1, 1).
    @Test func gatheredSizes() throws {
        let graph = sketch([.batch, 8]) { graph, x in
            let shape = graph.add(.shape(start: 0, end: nil), x)
            let zero = graph.addConstant(Constant(shape: [], elements: .integers([0]))!)
            let sizes = [zero, graph.addConstant(Constant(shape: [], elements: .integers([1]))!)].map { index in
                graph.add(.unsqueeze, graph.add(.gather(axis: 0), shape, index), graph.integers([0]))
            }
            return graph.add(.reshape(allowsZero: false), x, graph.add(.concat(axis: 0), sizes[0], sizes[1], graph.integers([1, 1])))
        }
        let folded = try graph.after(.foldConstants)
        #expect(folded.labels == ["reshape"])
        #expect(folded.values[folded.output].shape == [.batch, 8, 1, 1])
    }

    private func folded(_ build: (inout Graph) -> ValueID) throws -> Constant? {
        let graph = sketch([.batch, 2]) { graph, x in graph.add(.binary(.multiply), x, build(&graph)) }
        let result = try graph.after(.foldConstants)
        #expect(result.nodes.count == 1)
        return result.values[result.nodes[0].inputs[1]].constant
    }

    @Test func arithmeticBroadcasts() throws {
        let result = try folded { graph in
            let sum = graph.add(.binary(.subtract), graph.constant([1, 2], [2, 1]), graph.constant([10, 20], [1, 2]))
            return graph.add(.slice, sum, graph.integers([-1]), graph.integers([Int.min]), graph.integers([0]), graph.integers([-2]))
        }
        #expect(result == Constant(shape: [1, 2], elements: .floats([-8, -18])))
    }

    @Test(arguments: [Int.min, -1, Int.max]) func slicesByAnyStep(step: Int) throws {
        let result = try folded { graph in
            let values = graph.constant([1, 2, 3])
            let (start, end) = step < 0 ? (-1, Int.min) : (0, Int.max)
            let slice = graph.add(
                .slice, values, graph.integers([start]), graph.integers([end]), graph.integers([]), graph.integers([step]))
            return graph.add(.gather(axis: 0), slice, graph.integers([0, -1]))
        }
        #expect(result == Constant(step == -1 ? [3, 1] : step < 0 ? [3, 3] : [1, 1]))
    }

    @Test func transpositionMovesElements() throws {
        let result = try folded { graph in
            let matrix = graph.constant([1, 2, 3, 4, 5, 6], [2, 3])
            let turned = graph.add(.transpose(nil), matrix)
            return graph.add(.gather(axis: 0), turned, graph.addConstant(Constant(shape: [], elements: .integers([-2]))!))
        }
        #expect(result == Constant([2, 5]))
    }

    @Test func rangesAndFilledTensors() throws {
        let result = try folded { graph in
            func integer(_ value: Int) -> ValueID { graph.addConstant(Constant(shape: [], elements: .integers([.fixed(value)]))!) }
            let range = graph.add(.cast(toInteger: false), graph.add(.range, integer(6), integer(0), integer(-3)))
            let halves = graph.add(.constantOfShape(Constant(0.5)), graph.integers([2]))
            return graph.add(.binary(.multiply), range, halves)
        }
        #expect(result == Constant([3, 1.5]))
    }

    /// What hangs on an unsupported node is not listed itself.
    @Test func everyUnsupportedNodeIsListed() {
        let graph = sketch([.batch, 4, 5, 5]) { graph, x in
            let a = graph.add(.gather(axis: 1), x, x)
            let b = graph.add(.unsupported("no such operator"), graph.add(.activation(.relu), a))
            return graph.add(.binary(.add), graph.add(.activation(.relu), a), b)
        }
        let expected = GraphError.unsupported([
            UnsupportedNode(name: "gather0", kind: "gather", reason: "its indices are computed while the model runs"),
            UnsupportedNode(name: "unsupported2", kind: "unsupported", reason: "no such operator"),
        ])
        #expect(throws: expected) { try graph.after(.foldConstants) }
    }

    @Test func indexOutsideIsAnError() {
        let graph = sketch([.batch, 2]) { graph, x in
            graph.add(.binary(.multiply), x, graph.add(.gather(axis: 0), graph.constant([1, 2]), graph.integers([2])))
        }
        #expect(throws: GraphError.invalid(node: "gather0", reason: "index 2 of 2")) { try graph.after(.foldConstants) }
    }
}
