import Testing

@testable import SwiftletGraph

/// Clamps with infinite bounds, as exporters write them where there is none.
struct ClipTests {
    private static let input: [Float] = [-1e30, -7, -0.5, 0, 3, 6, 7, 1e30]

    private func network(_ low: Float, _ high: Float) throws -> Network {
        try sketch([.batch, 8, 1, 1]) { graph, x in
            graph.add(.clip, graph.conv(x, 8, 8), graph.scalar(low), graph.scalar(high))
        }.network()
    }

    @Test(
        arguments: [
            (-Float.infinity, 6, Activation.clip(low: -.greatestFiniteMagnitude, high: 6)),
            (0, Float.infinity, .relu),
            (-1, .infinity, .clip(low: -1, high: .greatestFiniteMagnitude)),
            (-.infinity, .infinity, .none),
            (-.greatestFiniteMagnitude, .greatestFiniteMagnitude, .none),
            (0, 6, .clip(low: 0, high: 6)),
        ] as [(Float, Float, Activation)])
    func infiniteBounds(low: Float, high: Float, expected: Activation) throws {
        let network = try network(low, high)
        #expect(network.layers.count == 1)
        if case .convolution(let convolution) = network.layers[0].operation {
            #expect(convolution.activation == expected)
        } else {
            Issue.record("not a convolution")
        }
    }

    @Test func resultsAreThoseOfONNX() throws {
        for (low, high) in [(-Float.infinity, Float(6)), (0, .infinity), (-2, .infinity), (-.infinity, .infinity), (0, 6)] {
            let graph = sketch([.batch, 8]) { graph, x in
                graph.add(.activation(.hardSwish), graph.add(.clip, x, graph.scalar(low), graph.scalar(high)))
            }
            let plain = sketch([.batch, 8]) { graph, x in graph.add(.activation(.hardSwish), x) }
            let clamped = Self.input.map { min(max($0, low), high) }
            #expect(try graph.result(Self.input) == plain.result(clamped))
        }
    }

    @Test(
        arguments: [(Float.nan, 6), (0, Float.nan), (Float.infinity, Float.infinity), (-Float.infinity, -Float.infinity)]
            as [(Float, Float)])
    func boundsThatAreNone(low: Float, high: Float) {
        #expect(throws: GraphError.self) { try network(low, high) }
    }

    @Test func minimumAndMaximum() throws {
        for (operation, bound) in [(BinaryOperator.minimum, Float.infinity), (.maximum, -.infinity)] {
            let graph = sketch([.batch, 8]) { graph, x in
                graph.add(.activation(.relu), graph.add(.binary(operation), x, graph.scalar(bound)))
            }
            #expect(try graph.network().layers.count == 1)
        }
        for (operation, bound) in [(BinaryOperator.minimum, -Float.infinity), (.maximum, .infinity), (.maximum, .nan)] {
            let graph = sketch([.batch, 8]) { graph, x in graph.add(.binary(operation), x, graph.scalar(bound)) }
            #expect(throws: GraphError.self) { try graph.network() }
        }
    }
}
