import Testing

@testable import SwiftletGraph

/// Nodes whose inputs are all known are computed as ONNX defines them.
struct ConstantArithmeticTests {
    /// What `build` gives, read as a factor of the input.
    private func folded(_ build: (inout Graph) -> ValueID) throws -> Constant? {
        let graph = sketch([.batch, 2]) { graph, x in graph.add(.binary(.multiply), x, graph.add(.cast(toInteger: false), build(&graph))) }
        let result = try graph.after(.foldConstants)
        return result.values[result.nodes[0].inputs[1]].constant
    }

    @Test(arguments: [
        (UnaryOperator.ceiling, [-1, 2] as [Float]), (.floor, [-2, 1]), (.rounded, [-2, 2]), (.negative, [1.5, -1.5]),
        (.absolute, [1.5, 1.5]),
        (.sign, [-1, 1]), (.truth, [1, 1]), (.not, [0, 0]),
    ])
    func functionsOfOneValue(operation: UnaryOperator, expected: [Float]) throws {
        #expect(try folded { graph in graph.add(.unary(operation), graph.constant([-1.5, 1.5])) }?.floats == expected)
    }

    /// Integers are divided towards zero; a modulus has the divisor's sign, a remainder the dividend's.
    @Test(arguments: [
        (BinaryOperator.divide, [-3, 3]), (.modulo, [1, 1]), (.remainder, [-1, 1]), (.power, [49, 49]), (.less, [1, 0]),
        (.greaterOrEqual, [0, 1]),
        (.equal, [0, 0]), (.minimum, [-7, 2]), (.maximum, [2, 7]), (.and, [1, 1]), (.exclusiveOr, [0, 0]),
    ])
    func functionsOfTwoIntegers(operation: BinaryOperator, expected: [Int]) throws {
        let result = try folded { graph in graph.add(.binary(operation), graph.integers([-7, 7]), graph.integers([2])) }
        #expect(result?.floats == expected.map(Float.init))
    }

    @Test func choiceBroadcasts() throws {
        let result = try folded { graph in
            let condition = graph.add(.binary(.equal), graph.integers([3, -1]), graph.integers([-1]))
            return graph.add(.choose, condition, graph.integers([1]), graph.integers([5, 6]))
        }
        #expect(result?.floats == [5, 1])
    }

    /// Where(Equal(shape, -1), 1, shape) is how PyTorch writes `expand`: the batch is some number above 0.
    @Test func theBatchIsComparedAsANumberAboveZero() throws {
        let graph = sketch([.batch, 3]) { graph, x in
            let shape = graph.add(.shape(start: 0, end: nil), x)
            let isOpen = graph.add(.binary(.equal), shape, graph.integers([-1, -1]))
            return graph.add(.expand, x, graph.add(.choose, isOpen, graph.integers([1, 1]), shape))
        }
        let folded = try graph.after(.foldConstants, .removeIdentities)
        #expect(folded.nodes.isEmpty)
    }

    @Test(arguments: [
        (Reduction.sum, [3, 12] as [Float]), (.product, [0, 60]), (.mean, [1, 4]), (.maximum, [2, 5]), (.minimum, [0, 3]),
        (.sumOfSquares, [5, 50]),
    ])
    func reductions(reduction: Reduction, expected: [Float]) throws {
        for keeps in [true, false] {
            let result = try folded { graph in
                let values = graph.constant([0, 1, 2, 3, 4, 5], [2, 3])
                let reduced = graph.add(.reduce(reduction, keepsDimensions: keeps), values, graph.integers([-1]))
                return graph.add(.reshape(allowsZero: false), reduced, graph.integers([2]))
            }
            #expect(result?.floats == expected)
        }
    }

    @Test func elementsThatAreMoved() throws {
        let tiled = try ConstantsOnly.value { graph in graph.add(.tile, graph.constant([1, 2], [1, 2]), graph.integers([2, 2])) }
        #expect(tiled?.floats == [1, 2, 1, 2, 1, 2, 1, 2])
        let expanded = try ConstantsOnly.value { graph in graph.add(.expand, graph.constant([1, 2], [2, 1]), graph.integers([1, 2])) }
        #expect(expanded == Constant(shape: [2, 2], elements: .floats([1, 1, 2, 2])))
        let padded = try ConstantsOnly.value { graph in
            graph.add(.pad, graph.constant([1, 2], [1, 2]), graph.integers([0, 1, 1, 0]), graph.scalar(9))
        }
        #expect(padded == Constant(shape: [2, 3], elements: .floats([9, 1, 2, 9, 9, 9])))
        let scattered = try ConstantsOnly.value { graph in
            let indices = graph.addConstant(Constant(shape: [2, 1], elements: .integers([2, 0]))!)
            return graph.add(.scatter, graph.constant([1, 2, 3]), indices, graph.constant([7, 8]))
        }
        #expect(scattered?.floats == [8, 2, 7])
        let part = try ConstantsOnly.value { graph in
            graph.add(.split(axis: 0, index: 1, count: 2), graph.constant([1, 2, 3]), graph.integers([1, 2]))
        }
        #expect(part?.floats == [2, 3])
    }

    /// ceil(size / stride) and what follows: "same" padding that the exporter works out in the graph.
    @Test func samePaddingWorkedOutFromTheSize() throws {
        let graph = sketch([.batch, 1, 5, 5]) { graph, x in
            let size = graph.add(.gather(axis: 0), graph.add(.shape(start: 0, end: nil), x), graph.integers([2]))
            let outputs = graph.add(
                .unary(.ceiling), graph.add(.binary(.divide), graph.add(.cast(toInteger: false), size), graph.scalar(2)))
            let span = graph.add(
                .binary(.add), graph.add(.binary(.multiply), graph.add(.binary(.subtract), outputs, graph.scalar(1)), graph.scalar(2)),
                graph.scalar(3))
            let total = graph.add(.clip, graph.add(.binary(.subtract), span, graph.scalar(5)), graph.scalar(0))
            let whole = graph.add(.cast(toInteger: true), total)
            let half = graph.add(.binary(.divide), whole, graph.integers([2]))
            let rest = graph.add(.binary(.subtract), whole, half)
            let zeros = graph.add(.constantOfShape(Constant(integers: [0])), graph.integers([2]))
            let pads = graph.add(.concat(axis: 0), zeros, half, half, zeros, rest, rest)
            let weights = graph.constant([Float](repeating: 1, count: 9), [1, 1, 3, 3])
            return graph.add(.conv(ConvAttributes(window: window(3, stride: 2))), graph.add(.pad, x, pads), weights)
        }
        let network = try graph.network()
        #expect(network.layers.count == 1)
        #expect(try graph.result([Float](repeating: 1, count: 25)) == [4, 6, 4, 6, 9, 6, 4, 6, 4])
    }
}

/// What a graph of constants alone computes.
enum ConstantsOnly {
    static func value(_ build: (inout Graph) -> ValueID) throws -> Constant? {
        var output = 0
        let graph = sketch([.batch, 2]) { graph, x in
            output = build(&graph)
            return graph.add(.concat(axis: 0), x, output)
        }
        var folded = graph
        for node in graph.nodes.dropLast() {
            folded.values[node.output].constant = try ConstantEvaluation(graph: folded, node: node).constant(&folded.budget)
        }
        return folded.values[output].constant
    }
}
