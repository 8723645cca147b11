import Testing

@testable import SwiftletGraph

/// One way to write an activation.
struct Spelling: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let build: @Sendable (inout Graph, ValueID) -> ValueID

    init(_ testDescription: String, _ build: @escaping @Sendable (inout Graph, ValueID) -> ValueID) {
        self.testDescription = testDescription
        self.build = build
    }
}

extension Graph {
    fileprivate mutating func times(_ x: ValueID, _ y: ValueID) -> ValueID { add(.binary(.multiply), x, y) }
    fileprivate mutating func times(_ x: ValueID, _ y: Float) -> ValueID { add(.binary(.multiply), x, scalar(y)) }
    fileprivate mutating func plus(_ x: ValueID, _ y: Float) -> ValueID { add(.binary(.add), scalar(y), x) }
    fileprivate mutating func over(_ x: ValueID, _ y: Float) -> ValueID { add(.binary(.divide), x, scalar(y)) }
    fileprivate mutating func clamp(_ x: ValueID, _ high: Float) -> ValueID { add(.clip, x, scalar(0), scalar(high)) }
}

private let sixth = Float(1) / 6

let hardSwishSpellings = [
    Spelling("x * clip(x + 3) / 6") { $0.over($0.times($1, $0.clamp($0.plus($1, 3), 6)), 6) },
    Spelling("clip(x + 3) * x * (1/6)") { $0.times($0.times($0.clamp($0.plus($1, 3), 6), $1), sixth) },
    Spelling("x * (clip(x + 3) / 6)") { $0.times($1, $0.over($0.clamp($0.plus($1, 3), 6), 6)) },
    Spelling("(clip(x + 3) * (1/6)) * x") { $0.times($0.times($0.clamp($0.plus($1, 3), 6), sixth), $1) },
    Spelling("(x / 6) * clip(x - -3)") { $0.times($0.over($1, 6), $0.clamp($0.add(.binary(.subtract), $1, $0.scalar(-3)), 6)) },
    Spelling("x * min(relu(x + 3), 6) / 6") {
        $0.over($0.times($1, $0.add(.binary(.minimum), $0.add(.activation(.relu), $0.plus($1, 3)), $0.scalar(6))), 6)
    },
    Spelling("x * clip((x + 3) / 6, 0, 1)") { $0.times($1, $0.clamp($0.over($0.plus($1, 3), 6), 1)) },
    Spelling("clip(x * (1/6) + 0.5, 0, 1) * x") { $0.times($0.clamp($0.plus($0.times($1, sixth), 0.5), 1), $1) },
    Spelling("x * hardSigmoid(x)") { $0.times($1, $0.add(.activation(.hardSigmoid(slope: sixth, offset: 0.5)), $1)) },
    Spelling("hardSigmoid(x) * x") { $0.times($0.add(.activation(.hardSigmoid(slope: 0.16666667, offset: 0.5)), $1), $1) },
]

let hardSigmoidSpellings = [
    Spelling("clip(x + 3) / 6") { $0.over($0.clamp($0.plus($1, 3), 6), 6) },
    Spelling("(1/6) * clip(x + 3)") { $0.times($0.clamp($0.plus($1, 3), 6), sixth) },
    Spelling("min(relu(x + 3), 6) / 6") {
        $0.over($0.add(.binary(.minimum), $0.add(.activation(.relu), $0.plus($1, 3)), $0.scalar(6)), 6)
    },
    Spelling("clip(x * (1/6) + 0.5, 0, 1)") { $0.clamp($0.plus($0.times($1, sixth), 0.5), 1) },
]

struct RecognizeActivationsTests {
    private let samples: [Float] = [-7, -3.5, -3, -1, -0.25, 0, 0.5, 2, 3, 3.5, 9]

    private func recognized(_ spelling: Spelling) throws -> [NodeOperation] {
        let graph = sketch([.batch, 11, 1, 1], spelling.build)
        expectClose(try graph.result(samples), try unrewritten(graph).run(samples))
        return try graph.after(.foldConstants, .canonicalizeArithmetic, .recognizeActivations).nodes.map(\.operation)
    }

    /// The network without this pass.
    private func unrewritten(_ graph: Graph) throws -> ReferenceExecutor {
        let pipeline = Pipeline(Pipeline.standard.passes.filter { $0.name != Pass.recognizeActivations.name })
        return ReferenceExecutor(try pipeline.run(graph))
    }

    @Test(arguments: hardSwishSpellings) func hardSwish(spelling: Spelling) throws {
        let operations = try recognized(spelling)
        guard case .activation(.hardSwish)? = operations.first else {
            Issue.record("\(operations)")
            return
        }
        // At most the scales that the spelling left over, which cancel or go into neighbors.
        #expect(operations.dropFirst().allSatisfy { $0.label == "affine" })
        #expect(try sketch([.batch, 11, 1, 1], spelling.build).network().layers.count == 1)
    }

    @Test(arguments: hardSigmoidSpellings) func hardSigmoid(spelling: Spelling) throws {
        let operations = try recognized(spelling)
        guard operations.count == 1, case .activation(.hardSigmoid(let slope, let offset)) = operations[0] else {
            Issue.record("\(operations)")
            return
        }
        #expect(abs(slope - sixth) < 1e-6 && abs(offset - 0.5) < 1e-6)
    }

    /// As where the + 3 is in the bias of the convolution before.
    @Test func hardSigmoidWithoutOffset() throws {
        let operations = try recognized(Spelling("clip(x) / 6") { $0.over($0.clamp($1, 6), 6) })
        guard operations.count == 1, case .activation(.hardSigmoid(_, let offset)) = operations[0] else {
            Issue.record("\(operations)")
            return
        }
        #expect(offset == 0)
    }

    @Test func swish() throws {
        let operations = try recognized(Spelling("x * sigmoid(x)") { $0.times($1, $0.add(.activation(.sigmoid), $1)) })
        guard operations.count == 1, case .activation(.swish) = operations[0] else {
            Issue.record("\(operations)")
            return
        }
    }

    @Test func otherSlopesStayProducts() throws {
        let operations = try recognized(
            Spelling("x * hardSigmoid(0.2 x + 0.5)") { $0.times($1, $0.add(.activation(.hardSigmoid(slope: 0.2, offset: 0.5)), $1)) })
        #expect(operations.map(\.label) == ["activation", "multiply"])
    }

    @Test func gateOfAnotherValueStaysAGate() throws {
        let operations = try recognized(
            Spelling("x * hardSigmoid(-x)") {
                $0.times($1, $0.add(.activation(.hardSigmoid(slope: sixth, offset: 0.5)), $0.add(.activation(.sigmoid), $1)))
            })
        #expect(operations.map(\.label) == ["activation", "activation", "multiply"])
    }

    @Test func plainClampsStay() throws {
        #expect(try recognized(Spelling("clip(x)") { $0.clamp($1, 6) }).map(\.label) == ["activation"])
        let operations = try recognized(Spelling("clip(x + 3)") { $0.clamp($0.plus($1, 3), 6) })
        #expect(operations.map(\.label) == ["affine", "activation"])
    }

    @Test func aFactorStaysBehind() throws {
        let operations = try recognized(Spelling("x * clip(x + 3)") { $0.times($1, $0.clamp($0.plus($1, 3), 6)) })
        #expect(operations.map(\.label) == ["activation", "affine"])
        guard case .affine(let affine) = operations[1] else { return }
        #expect(affine == Affine(scale: [6], shift: [0]))
    }
}
