import Testing

@testable import SwiftletGraph

struct ResolveWindowsTests {
    private func resolved(_ shape: Shape, _ operation: NodeOperation, axes: [Int]? = nil) throws -> NodeOperation {
        let graph = sketch(shape) { graph, x in
            if let axes { graph.add(operation, x, graph.integers(axes)) } else { graph.add(operation, x) }
        }
        return try graph.after(.foldConstants, .resolveWindows).nodes[0].operation
    }

    @Test func automaticPaddingOfConvolutionsBecomesExplicit() throws {
        let graph = sketch([.batch, 3, 8, 8]) { graph, x in
            var attributes = ConvAttributes(window: window(3, stride: 2), padding: .sameUpper)
            attributes.groups = 3
            return graph.conv(x, 3, 3, attributes)
        }
        guard case .conv(let attributes) = try graph.after(.foldConstants, .resolveWindows).nodes[0].operation else {
            Issue.record("not a convolution")
            return
        }
        #expect(attributes.padding == .explicit)
        #expect([attributes.window.padTop, attributes.window.padBottom] == [0, 1])
        #expect(attributes.groups == 3)
    }

    @Test func kernelSizeComesFromTheWeights() throws {
        let graph = sketch([.batch, 1, 4, 4]) { graph, x in
            let weights = graph.constant([Float](repeating: 1, count: 6), [1, 1, 2, 3])
            return graph.add(.conv(ConvAttributes(window: Window(), takesKernelFromWeights: true)), x, weights)
        }
        #expect(try graph.result([Float](repeating: 1, count: 16)) == [Float](repeating: 6, count: 6))
    }

    @Test(arguments: [[2, 3], [-1, -2]])
    func meansOverTheMapAreGlobalPooling(axes: [Int]) throws {
        #expect(try resolved([.batch, 3, 4, 5], .reduce(.mean, keepsDimensions: true), axes: axes).label == "globalAveragePool")
        #expect(try resolved([.batch, 3, 4, 5], .reduce(.mean, keepsDimensions: false), axes: axes).label == "globalAveragePool")
    }

    @Test func meansOverOtherAxesStay() throws {
        #expect(try resolved([.batch, 3, 4, 5], .reduce(.mean, keepsDimensions: true), axes: [1, 2]).label == "reduce")
    }

    @Test func averagesOfTheWholeMapAreGlobalPooling() throws {
        let whole = PoolAttributes(kind: .average, window: window(4))
        #expect(try resolved([.batch, 3, 4, 4], .windowedPool(whole)).label == "globalAveragePool")
        #expect(try resolved([.batch, 3, 5, 4], .windowedPool(whole)).label == "pool")
        #expect(try resolved([.batch, 3, 4, 4], .windowedPool(PoolAttributes(kind: .max, window: window(4)))).label == "pool")
    }

    @Test func roundingUpBecomesPadding() throws {
        let attributes = PoolAttributes(kind: .average, window: window(2, stride: 2), roundsUp: true, countsPadding: true)
        // Nothing is left over of 4; of 5 a half-filled window is. What rounding up adds does not count; beside padding that does, no pool
        // can state the divisor.
        #expect(try resolved([.batch, 1, 4, 4], .windowedPool(attributes)).label == "pool")
        #expect(try resolved([.batch, 1, 5, 5], .windowedPool(attributes)).label == "pool")
        let padded = PoolAttributes(kind: .average, window: window(3, stride: 2, pad: 1), roundsUp: true, countsPadding: true)
        #expect(try resolved([.batch, 1, 6, 6], .windowedPool(padded)).label == "windowedPool")
        let graph = sketch([.batch, 1, 1, 3]) { graph, x in
            var window = Window()
            (window.kernelWidth, window.strideWidth) = (2, 2)
            return graph.add(.windowedPool(PoolAttributes(kind: .average, window: window, roundsUp: true)), x)
        }
        #expect(try graph.result([1, 2, 5]) == [1.5, 5])
    }
}
