import Testing

@testable import SwiftletGraph

struct FuseEpiloguesTests {
    private func fused(_ graph: Graph) throws -> Network {
        let fused = try graph.network()
        let pipeline = Pipeline(Pipeline.standard.passes.filter { $0.name != Pass.fuseEpilogues.name })
        let unfused = ReferenceExecutor(try pipeline.run(graph))
        let input = random(unfused.network.tensors[unfused.network.input].count, seed: 11)
        expectClose(ReferenceExecutor(fused).run(input), unfused.run(input))
        return fused
    }

    private func convolutions(_ network: Network) -> [Convolution] {
        network.layers.compactMap { if case .convolution(let convolution) = $0.operation { convolution } else { nil } }
    }

    @Test func activation() throws {
        let network = try fused(sketch([.batch, 3, 4, 4]) { $0.add(.activation(.hardSwish), $0.conv($1, 3, 4)) })
        #expect(network.layers.map(\.name) == ["conv0"])
        #expect(convolutions(network)[0].activation == .hardSwish)
    }

    @Test func residualAndActivation() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                let first = graph.add(.activation(.relu), graph.conv(x, 3, 3, seed: 1))
                let sum = graph.add(.binary(.add), first, graph.conv(first, 3, 3, seed: 2))
                return graph.add(.activation(.relu), sum)
            })
        #expect(network.layers.count == 2)
        #expect(network.layers[1].inputs == [network.layers[0].output, network.layers[0].output])
        #expect(convolutions(network)[1].activation == .relu)
    }

    /// The convolution takes the place of the addition, which may be behind what the residual needs.
    @Test func residualThatIsComputedLater() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                let early = graph.conv(x, 3, 3, seed: 1)
                let late = graph.add(.activation(.sigmoid), graph.add(.activation(.relu), x))
                return graph.add(.binary(.add), early, late)
            })
        #expect(network.layers.map(\.name) == ["activation1", "activation2", "conv0"])
    }

    @Test func ofTwoConvolutionsTheLaterTakesTheOther() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                graph.add(.binary(.add), graph.conv(x, 3, 3, seed: 1), graph.conv(x, 3, 3, seed: 2))
            })
        #expect(network.layers.map(\.name) == ["conv0", "conv1"])
        #expect(network.layers.map { $0.inputs.count } == [1, 2])
    }

    @Test func whatOthersReadStays() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                let conv = graph.conv(x, 3, 3)
                return graph.add(.binary(.multiply), conv, graph.add(.activation(.sigmoid), graph.add(.activation(.relu), conv)))
            })
        #expect(convolutions(network).map(\.activation) == [.none])
    }

    @Test func whatOthersReadTakesNoResidual() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                let conv = graph.conv(x, 3, 3)
                let sum = graph.add(.binary(.add), conv, x)
                return graph.add(.binary(.multiply), sum, graph.add(.activation(.sigmoid), conv))
            })
        #expect(convolutions(network).count == 1)
        #expect(network.layers.count == 4)
    }

    @Test func anActivationInBetweenStays() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                graph.add(.activation(.relu), graph.add(.binary(.add), graph.add(.activation(.hardSwish), graph.conv(x, 3, 3)), x))
            })
        #expect(network.layers.count == 2)
        guard case .add(.relu) = network.layers[1].operation else {
            Issue.record("\(network.layers[1].operation)")
            return
        }
    }

    @Test func vectorsAreAddedByThemselves() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                graph.add(.binary(.add), graph.conv(graph.add(.globalAveragePool, x), 3, 3), x)
            })
        #expect(network.layers.count == 3)
        #expect(network.layers[2].inputs.first == network.input)
    }

    @Test func sumOfOneValueWithItself() throws {
        let network = try fused(
            sketch([.batch, 3, 4, 4]) { graph, x in
                let conv = graph.conv(x, 3, 3)
                return graph.add(.binary(.add), conv, conv)
            })
        #expect(network.layers.count == 2)
    }
}
