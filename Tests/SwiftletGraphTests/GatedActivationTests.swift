import Testing

@testable import SwiftletGraph

/// Smooth gates in the arithmetic that exporters write for them.
struct GatedActivationTests {
    private func activations(_ build: @escaping (inout Graph, ValueID) -> ValueID) throws -> [Activation] {
        try sketch([.batch, 4, 2, 2], build).network().layers.compactMap { layer in
            if case .activation(let activation) = layer.operation { activation } else { nil }
        }
    }

    private static let root = Float(0.5).squareRoot()

    private static func times(_ graph: inout Graph, _ a: ValueID, _ b: ValueID) -> ValueID { graph.add(.binary(.multiply), a, b) }

    /// 1 + erf(x / sqrt(2)), by division or multiplication.
    private func raised(_ graph: inout Graph, _ x: ValueID, divides: Bool) -> ValueID {
        let argument =
            divides
            ? graph.add(.binary(.divide), x, graph.scalar(Float(2).squareRoot())) : Self.times(&graph, x, graph.scalar(Self.root))
        return graph.add(.binary(.add), graph.add(.unary(.errorFunction), argument), graph.scalar(1))
    }

    @Test func exactGELU() throws {
        #expect(
            try activations { graph, x in
                Self.times(&graph, Self.times(&graph, x, raised(&graph, x, divides: true)), graph.scalar(0.5))
            } == [.gelu])
        #expect(
            try activations { graph, x in
                Self.times(&graph, raised(&graph, x, divides: false), Self.times(&graph, graph.scalar(0.5), x))
            } == [.gelu])
    }

    @Test(arguments: [true, false]) func approximateGELU(usesPower: Bool) throws {
        #expect(
            try activations { graph, x in
                let cube = usesPower ? graph.add(.binary(.power), x, graph.scalar(3)) : Self.times(&graph, Self.times(&graph, x, x), x)
                let inner = graph.add(.binary(.add), x, Self.times(&graph, cube, graph.scalar(0.044715)))
                let tanh = graph.add(.activation(.tanh), Self.times(&graph, inner, graph.scalar(0.7978846)))
                let raised = graph.add(.binary(.add), tanh, graph.scalar(1))
                return Self.times(&graph, Self.times(&graph, x, graph.scalar(0.5)), raised)
            } == [.geluTanh])
    }

    @Test func mishAndSoftplus() throws {
        #expect(
            try activations { graph, x in
                Self.times(&graph, x, graph.add(.activation(.tanh), graph.add(.activation(.softplus), x)))
            } == [.mish])
        #expect(
            try activations { graph, x in
                graph.add(.unary(.logarithm), graph.add(.binary(.add), graph.add(.unary(.exponential), x), graph.scalar(1)))
            } == [.softplus])
    }

    /// x sigmoid(1.702 x) = swish(1.702 x) / 1.702
    @Test func swishWithASlope() throws {
        let graph = sketch([.batch, 3]) { graph, x in
            Self.times(&graph, x, graph.add(.activation(.sigmoid), Self.times(&graph, x, graph.scalar(1.702))))
        }
        // 1 / (1 + exp(-1.702)) = 0.84579577, -1 / (1 + exp(1.702)) = -0.15420423
        expectClose(try graph.result([1, -1, 0]), [0.84579577, -0.15420423, 0])
    }

    /// A gate of something else is none.
    @Test func gatesOfOtherValuesStay() throws {
        #expect(
            try activations { graph, x in
                Self.times(&graph, x, graph.add(.activation(.tanh), graph.add(.activation(.softplus), graph.conv(x, 4, 4))))
            } == [.tanh])
    }
}
