import Testing

@testable import SwiftletGraph

struct ConvertToConvolutionsTests {
    private func converted(_ shape: Shape, _ build: (inout Graph, ValueID) -> ValueID) throws -> Convolution? {
        let graph = try sketch(shape, build).after(.foldConstants, .resolveWindows, .convertToConvolutions)
        guard case .convolution(let convolution)? = graph.nodes.last?.operation else { return nil }
        #expect(graph.nodes.last?.inputs == [graph.input])
        return convolution
    }

    /// [outputs][inputs][height][width] becomes [outputs][height][width][inputs].
    @Test func weightsAreReordered() throws {
        let result = try converted([.batch, 2, 4, 4]) { graph, x in
            let weights = graph.constant([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2])
            return graph.add(.conv(ConvAttributes(window: window(2))), x, weights)
        }
        #expect(result?.weights == [1, 5, 2, 6, 3, 7, 4, 8])
        #expect(result?.bias == [0])
    }

    @Test func groupsStay() throws {
        let result = try converted([.batch, 4, 4, 4]) { graph, x in graph.conv(x, 4, 4, ConvAttributes(window: window(3), groups: 4)) }
        #expect(result?.isDepthwise == true)
        #expect(result?.window == window(3))
    }

    @Test func gemm() throws {
        let result = try converted([.batch, 2]) { graph, x in
            let attributes = GemmAttributes(alpha: 2, beta: 10, transposesB: true)
            return graph.add(.gemm(attributes), x, graph.constant([1, 2, 3, 4, 5, 6], [3, 2]), graph.constant([1, 2, 3], [1, 3]))
        }
        #expect(result?.weights == [2, 4, 6, 8, 10, 12])
        #expect(result?.bias == [10, 20, 30])
    }

    @Test func gemmWithAScalarBias() throws {
        let result = try converted([.batch, 2]) { graph, x in
            graph.add(.gemm(GemmAttributes()), x, graph.constant([1, 2, 3, 4], [2, 2]), graph.scalar(0.5))
        }
        #expect(result?.weights == [1, 3, 2, 4])
        #expect(result?.bias == [0.5, 0.5])
    }

    @Test func matMul() throws {
        let result = try converted([.batch, 1, 2]) { graph, x in graph.add(.matMul, x, graph.constant([1, 2, 3, 4, 5, 6], [2, 3])) }
        #expect(result?.weights == [1, 4, 2, 5, 3, 6])
    }

    @Test func productsOfTwoValuesStay() throws {
        let graph = sketch([.batch, 2]) { graph, x in
            graph.add(.gemm(GemmAttributes(transposesA: true)), x, graph.add(.activation(.relu), x))
        }
        #expect(try graph.after(.foldConstants, .convertToConvolutions).labels == ["activation", "gemm"])
    }
}
