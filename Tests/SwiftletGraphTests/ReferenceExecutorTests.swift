import Testing

@testable import SwiftletGraph

/// Values by hand.
struct ReferenceExecutorTests {
    private func run(_ input: Tensor, _ operation: Operation, _ output: Tensor, _ values: [Float], operands: [Int] = [0]) -> [Float] {
        let layer = Layer(name: "layer", operation: operation, inputs: operands, output: 1)
        return ReferenceExecutor(Network(name: "n", tensors: [input, output], layers: [layer], input: 0, output: 1)).run(values)
    }

    private func tensor(_ height: Int, _ width: Int, _ channels: Int) -> Tensor {
        Tensor(name: "", height: height, width: width, channels: channels)
    }

    @Test func convolutionPadsWithZerosAndStrides() {
        let weights: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        let convolution = Convolution(window: window(3, stride: 2, pad: 1), groups: 1, weights: weights, bias: [0.5], activation: .none)
        // The window's center is at 0 and 2 of each axis.
        let result = run(tensor(3, 3, 1), .convolution(convolution), tensor(2, 2, 1), [1, 0, 0, 0, 0, 0, 0, 0, 2])
        #expect(result == [5.5, 0.5, 0.5, 10.5])
    }

    @Test func groupsReadTheirOwnChannels() {
        let convolution = Convolution(window: Window(), groups: 2, weights: [1, 10, 100, 1000], bias: [0, 0], activation: .none)
        #expect(run(tensor(1, 1, 4), .convolution(convolution), tensor(1, 1, 2), [1, 2, 3, 4]) == [21, 4300])
    }

    @Test func residualComesBeforeTheActivation() {
        let convolution = Convolution(window: Window(), groups: 1, weights: [1], bias: [0], activation: .relu)
        #expect(run(tensor(1, 2, 1), .convolution(convolution), tensor(1, 2, 1), [-1, 2], operands: [0, 0]) == [0, 4])
    }

    @Test func pooling() {
        let map: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map { -$0 }
        func pool(_ kind: Pool.Kind, counts: Bool) -> [Float] {
            run(tensor(3, 3, 1), .pool(Pool(kind: kind, window: window(2, stride: 2, pad: 1), countsPadding: counts)), tensor(2, 2, 1), map)
        }
        #expect(pool(.max, counts: false) == [-1, -2, -4, -5])
        #expect(pool(.average, counts: false) == [-1, -2.5, -5.5, -7])
        #expect(pool(.average, counts: true) == [-0.25, -1.25, -2.75, -7])
        #expect(run(tensor(2, 1, 2), .globalAveragePool, tensor(1, 1, 2), [1, 10, 2, 30]) == [1.5, 20])
    }

    private static let activations: [(activation: Activation, expected: [Float])] = [
        (.none, [-4, 0.5, 7]), (.relu, [0, 0.5, 7]), (.clip(low: -1, high: 6), [-1, 0.5, 6]), (.hardSwish, [0, 0.29166666, 7]),
        (.hardSigmoid(slope: 0.2, offset: 0.5), [0, 0.6, 1]), (.sigmoid, [0.01798621, 0.62245935, 0.99908894]),
        (.swish, [-0.07194484, 0.31122968, 6.9936228]),
    ]

    @Test(arguments: activations) func activation(case activation: Activation, expected: [Float]) {
        expectClose(run(tensor(1, 1, 3), .activation(activation), tensor(1, 1, 3), [-4, 0.5, 7]), expected, tolerance: 1e-6)
    }
}

struct StatisticsTests {
    @Test func multiplyAccumulatesAndParameters() throws {
        let graph = sketch([.batch, 4, 6, 6]) { graph, x in
            let conv = graph.conv(x, 4, 8, ConvAttributes(window: window(3, stride: 2, pad: 1)))
            let depthwise = graph.conv(conv, 8, 8, ConvAttributes(window: window(3, pad: 1), groups: 8))
            return graph.conv(graph.add(.globalAveragePool, depthwise), 8, 10)
        }
        let network = try graph.network()
        #expect(network.statistics.map(\.kind) == ["convolution", "depthwise", "global average pool", "linear"])
        #expect(network.statistics.map(\.macs) == [9 * 9 * 4 * 8, 9 * 9 * 8, 0, 80])
        #expect(network.statistics.map(\.parameters) == [9 * 4 * 8 + 8, 9 * 8 + 8, 0, 90])
        #expect(network.macs == 2592 + 648 + 80)
        #expect(network.parameters == 296 + 80 + 90)
        #expect(network.statistics[0].output == Tensor(name: "conv0", height: 3, width: 3, channels: 8))
    }
}
