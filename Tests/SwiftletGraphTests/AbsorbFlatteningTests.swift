import Testing

@testable import SwiftletGraph

struct AbsorbFlatteningTests {
    /// y = sum over all of x * weight, weights in the order in which the source flattens.
    private func classifier(channelsLast: Bool) -> Graph {
        sketch([.batch, 2, 3, 2]) { graph, x in
            let map = graph.add(.activation(.relu), x)
            let ordered = channelsLast ? graph.add(.transpose([0, 2, 3, 1]), map) : map
            let flat = graph.add(.reshape(allowsZero: false), ordered, graph.integers([-1, 12]))
            return graph.add(.gemm(GemmAttributes()), flat, graph.constant((0..<12).map(Float.init), [12, 1]))
        }
    }

    @Test func kernelIsTheWholeMap() throws {
        let network = try classifier(channelsLast: false).network()
        #expect(network.layers.count == 2)
        guard case .convolution(let convolution) = network.layers[1].operation else {
            Issue.record("no convolution")
            return
        }
        #expect([convolution.window.kernelHeight, convolution.window.kernelWidth] == [3, 2])
        #expect(convolution.weights == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
    }

    @Test func channelsLastWeightsKeepTheirOrder() throws {
        let input: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        let expected = zip(input, 0...).reduce(0) { $0 + $1.0 * Float($1.1) }
        #expect(try classifier(channelsLast: true).result(input) == [expected])
    }

    @Test func channelsFirstResult() throws {
        // [height][width][channels] in, weights over [channels][height][width].
        let input: [Float] = [1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60]
        let flattened: [Float] = [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]
        let expected = zip(flattened, 0...).reduce(0) { $0 + $1.0 * Float($1.1) }
        #expect(try classifier(channelsLast: false).result(input) == [expected])
    }
}
