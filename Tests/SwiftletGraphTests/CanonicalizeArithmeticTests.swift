import Testing

@testable import SwiftletGraph

struct CanonicalizeArithmeticTests {
    private func operation(_ shape: Shape = [.batch, 2, 3, 4], _ build: (inout Graph, ValueID) -> ValueID) throws -> NodeOperation {
        let graph = try sketch(shape, build).after(.foldConstants, .canonicalizeArithmetic)
        return try #require(graph.nodes.last).operation
    }

    private func affine(_ shape: Shape = [.batch, 2, 3, 4], _ build: (inout Graph, ValueID) -> ValueID) throws -> Affine {
        guard case .affine(let affine) = try operation(shape, build) else {
            throw GraphError.invalid(node: "last", reason: "no affine function")
        }
        return affine
    }

    @Test func scalarsOnEitherSide() throws {
        #expect(try affine { $0.add(.binary(.add), $0.scalar(3), $1) } == Affine(scale: [1], shift: [3]))
        #expect(try affine { $0.add(.binary(.subtract), $1, $0.scalar(3)) } == Affine(scale: [1], shift: [-3]))
        #expect(try affine { $0.add(.binary(.subtract), $0.scalar(3), $1) } == Affine(scale: [-1], shift: [3]))
        #expect(try affine { $0.add(.binary(.divide), $1, $0.scalar(4)) } == Affine(scale: [0.25], shift: [0]))
        #expect(try affine { $0.add(.binary(.multiply), $1, $0.constant([2, 2], [2, 1, 1])) } == Affine(scale: [2], shift: [0]))
    }

    @Test func constantsPerChannel() throws {
        #expect(try affine { $0.add(.binary(.multiply), $1, $0.constant([2, 3], [2, 1, 1])) } == Affine(scale: [2, 3], shift: [0, 0]))
        #expect(try affine([.batch, 2]) { $0.add(.binary(.add), $1, $0.constant([2, 3])) } == Affine(scale: [1, 1], shift: [2, 3]))
        #expect(try affine([.batch, 1, 1, 2]) { $0.add(.binary(.add), $1, $0.constant([2, 3])) }.shift == [2, 3])
    }

    @Test func otherConstantsStay() throws {
        #expect(try operation { $0.add(.binary(.multiply), $1, $0.constant([1, 2, 3, 4])) }.label == "binary")
        #expect(try operation { $0.add(.binary(.divide), $0.scalar(1), $1) }.label == "binary")
        #expect(try operation { $0.add(.binary(.divide), $1, $0.scalar(0)) }.label == "binary")
        #expect(try operation([.batch, 1, 3, 4]) { $0.add(.binary(.add), $1, $0.constant([1, 2], [2, 1, 1])) }.label == "binary")
        #expect(try operation([.batch, 1, 3, 4]) { $0.add(.binary(.add), $1, $0.constant([2, 2], [2, 1, 1])) }.label == "binary")
    }

    @Test func batchNormalization() throws {
        let result = try affine { graph, x in
            graph.add(
                .batchNormalization(epsilon: 1), x, graph.constant([2, 4]), graph.constant([10, 20]), graph.constant([1, 2]),
                graph.constant([3, 15]))
        }
        #expect(result == Affine(scale: [1, 1], shift: [9, 18]))
    }

    @Test func batchNormalizationOfOtherChannelsFails() {
        let graph = sketch([.batch, 3, 2, 2]) { graph, x in
            let vector = graph.constant([1, 1])
            return graph.add(.batchNormalization(epsilon: 1), x, vector, vector, vector, vector)
        }
        #expect(throws: GraphError.self) { try graph.after(.foldConstants, .canonicalizeArithmetic) }
    }

    private func activation(_ build: (inout Graph, ValueID) -> ValueID) throws -> Activation {
        guard case .activation(let activation) = try operation([.batch, 2, 3, 4], build) else {
            throw GraphError.invalid(node: "last", reason: "no activation")
        }
        return activation
    }

    @Test func clampsInEverySpelling() throws {
        let six = Activation.clip(low: 0, high: 6)
        #expect(try activation { $0.add(.clip, $1, $0.scalar(0), $0.scalar(6)) } == six)
        #expect(try activation { $0.add(.binary(.minimum), $0.add(.activation(.relu), $1), $0.scalar(6)) } == six)
        #expect(try activation { $0.add(.binary(.maximum), $0.scalar(0), $0.add(.binary(.minimum), $1, $0.scalar(6))) } == six)
        #expect(try activation { $0.add(.clip, $0.add(.activation(.relu), $1), $0.scalar(-1), $0.scalar(6)) } == six)
        #expect(try activation { $0.add(.clip, $1, $0.scalar(0)) } == .relu)
        #expect(try activation { $0.add(.clip, $1, $0.integers([]), $0.scalar(6)) } == .clip(low: -.greatestFiniteMagnitude, high: 6))
        // Bounds that exclude each other: all is 1.
        let all = try activation { $0.add(.binary(.minimum), $0.add(.clip, $1, $0.scalar(2), $0.scalar(3)), $0.scalar(1)) }
        #expect(all == .clip(low: 1, high: 1))
    }

    @Test func twoValues() throws {
        #expect(try operation { $0.add(.binary(.add), $1, $1) }.label == "add")
        #expect(try operation { $0.add(.binary(.multiply), $1, $1) }.label == "multiply")
        #expect(try operation { $0.add(.binary(.subtract), $1, $1) }.label == "binary")
    }
}
