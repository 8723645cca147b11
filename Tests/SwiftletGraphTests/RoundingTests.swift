import XCTest

@testable import SwiftletGraph

/// The grids of models that are int8 already, on their way through the rewrites.
final class RoundingTests: XCTestCase {
    private let grid = PublishedGrid(scales: [0.5], zeroPoints: [0], lowest: -128, highest: 127)
    private let coarse = PublishedGrid(scales: [1], zeroPoints: [-128], lowest: -128, highest: 127)

    private let unit = PublishedGrid(scales: [1], zeroPoints: [0], lowest: -128, highest: 127)

    private func graph(_ build: (inout Graph, ValueID) -> ValueID) -> Graph {
        var graph = Graph(name: "g")
        graph.input = graph.addValue("x", shape: [.batch, 2, 4, 4])
        graph.output = build(&graph, graph.input)
        return graph
    }

    private func convolution(_ graph: inout Graph, _ x: ValueID, _ name: String) -> ValueID {
        let weights = graph.addConstant(Constant(shape: [2, 2, 1, 1], elements: .floats([1, 2, 3, 4]))!)
        return graph.addNode(name, .conv(ConvAttributes(window: Window())), [x, weights])
    }

    func testGridBetweenLayersIsNoLayer() throws {
        let graph = graph { g, x in
            let rounded = g.addNode("q", .rounded(self.grid), [x])
            let activated = g.addNode("r", .activation(.relu), [self.convolution(&g, rounded, "c")])
            return self.convolution(&g, g.addNode("p", .rounded(self.coarse), [activated]), "d")
        }
        let network = try graph.network(.exact)
        XCTAssertEqual(network.layers.map(\.name), ["c", "d"])
        XCTAssertEqual(network.tensors.map(\.grid), [grid, coarse, nil])
        let float = try graph.network()
        XCTAssertEqual(float.layers.count, 2)
        XCTAssertTrue(float.tensors.allSatisfy { $0.grid == nil })
    }

    /// Converters leave out a ReLU where the grid's end does the same.
    func testSumKeepsTheActivationOfItsGrid() throws {
        let high = PublishedGrid(scales: [6 / 255], zeroPoints: [-128], lowest: -128, highest: 127)
        for (grid, activation) in [(coarse, Activation.relu), (high, .clip(low: 0, high: 6)), (grid, .none)] {
            let network = try graph { g, x in g.addNode("q", .rounded(grid), [self.convolution(&g, x, "c")]) }.network()
            guard case .convolution(let convolution) = network.layers[0].operation else { return XCTFail("\(network.layers)") }
            XCTAssertEqual(convolution.activation, activation)
        }
    }

    /// Exporters from TensorFlow round maps whose channels vary fastest.
    func testSumKeepsTheActivationBehindATransposition() throws {
        let network = try graph { g, x in
            let last = g.addNode("t", .transpose([0, 2, 3, 1]), [self.convolution(&g, x, "c")])
            let rounded = g.addNode("q", .rounded(self.coarse), [last])
            return self.convolution(&g, g.addNode("u", .transpose([0, 3, 1, 2]), [rounded]), "d")
        }.network()
        XCTAssertEqual(network.layers.count, 2)
        guard case .convolution(let convolution) = network.layers[0].operation else { return XCTFail("\(network.layers)") }
        XCTAssertEqual(convolution.activation, .relu)
    }

    /// Zero points of channels, as `quantize export` writes them: added before a grid, taken away behind it.
    func testShiftsAroundAGridOfAnExport() throws {
        func network(_ producer: String, behind: [Float]) throws -> Network {
            var graph = graph { g, x in
                let shift = g.addConstant(Constant(shape: [1, 2, 1, 1], elements: .floats([3, -4]))!)
                let back = g.addConstant(Constant(shape: [1, 2, 1, 1], elements: .floats(behind))!)
                let sum = g.addNode("s", .unary(.rounded), [self.convolution(&g, x, "c")])
                let rounded = g.addNode("q", .rounded(self.unit), [g.addNode("a", .binary(.add), [sum, shift])])
                return self.convolution(&g, g.addNode("b", .binary(.subtract), [rounded, back]), "d")
            }
            graph.producer = producer
            return try graph.network(.exact)
        }
        let read = try network("swiftlet", behind: [3, -4])
        XCTAssertEqual(read.layers.map(\.name), ["c", "d"])
        XCTAssertEqual(
            read.tensors[1].grid, PublishedGrid(scales: [1, 1], zeroPoints: [3, -4], axis: 1, lowest: -128, highest: 127))
        XCTAssertNotEqual(try network("swiftlet", behind: [3, -5]).tensors[1].grid?.zeroPoints, [3, -4])
        XCTAssertThrowsError(try network("another", behind: [3, -4]))
    }

    /// A layer whose result is rounded before its activation keeps it apart.
    func testNothingIsFusedAcrossAGrid() throws {
        let graph = graph { g, x in
            let rounded = g.addNode("q", .rounded(self.grid), [self.convolution(&g, x, "c")])
            return g.addNode("r", .activation(.hardSwish), [rounded])
        }
        XCTAssertEqual(try graph.network(.exact).layers.count, 2)
        XCTAssertEqual(try graph.network().layers.count, 1)
    }

    func testSecondGridIsALayer() throws {
        let graph = graph { g, x in
            let first = g.addNode("q", .rounded(self.grid), [self.convolution(&g, x, "c")])
            return self.convolution(&g, g.addNode("p", .rounded(self.coarse), [first]), "d")
        }
        let network = try graph.network(.exact)
        XCTAssertEqual(network.layers.map(\.name), ["c", "p", "d"])
        XCTAssertEqual(network.tensors.map(\.grid), [nil, grid, coarse, nil])
    }

    /// A value that something reads as it is, is not on the grid that others read it on, unless it is meant to be for all.
    func testValueThatIsAlsoReadAsItIs() throws {
        let graph = graph { g, x in
            let value = self.convolution(&g, x, "c")
            let rounded = g.addNode("q", .rounded(self.grid), [value])
            return g.addNode("a", .binary(.add), [value, self.convolution(&g, rounded, "d")])
        }
        let exact = try graph.network(.exact)
        XCTAssertEqual(exact.layers.map(\.name), ["c", "q", "d"])
        XCTAssertEqual(exact.tensors.map(\.grid), [nil, nil, grid, nil])
        let everywhere = try graph.network(.everywhere)
        XCTAssertEqual(everywhere.layers.map(\.name), ["c", "d"])
        XCTAssertEqual(everywhere.tensors.map(\.grid), [nil, grid, nil])
    }

    /// What hands values on leaves them on their grid: the same one again is none.
    func testRepeatedGridsFallAway() throws {
        let graph = graph { g, x in
            let first = g.addNode("q", .rounded(self.grid), [x])
            let pads = g.addConstant(Constant(integers: [0, 0, 1, 1, 0, 0, 1, 1]))
            let padded = g.addNode("pad", .pad, [first, pads])
            return self.convolution(&g, g.addNode("p", .rounded(self.grid), [padded]), "c")
        }
        XCTAssertEqual(try graph.network(.exact).layers.count, 1)
    }

    /// Exporters from TensorFlow round maps whose channels vary fastest.
    func testGridsPassTranspositions() throws {
        var perChannel = grid
        (perChannel.scales, perChannel.zeroPoints, perChannel.axis) = ([0.5, 0.25], [0, 0], 3)
        let graph = graph { g, x in
            let last = g.addNode("t", .transpose([0, 2, 3, 1]), [self.convolution(&g, x, "c")])
            let rounded = g.addNode("q", .rounded(perChannel), [last])
            return self.convolution(&g, g.addNode("u", .transpose([0, 3, 1, 2]), [rounded]), "d")
        }
        let network = try graph.network(.exact)
        XCTAssertEqual(network.layers.map(\.name), ["c", "d"])
        XCTAssertEqual(network.tensors[1].grid?.scales, [0.5, 0.25])
        XCTAssertEqual(network.tensors[1].grid?.axis, 1)
    }

    /// A scale of 0, as tensors have that no picture made fire, is a product with 0.
    func testGridOfNothing() throws {
        var nothing = grid
        nothing.scales = [0]
        let graph = graph { g, x in self.convolution(&g, g.addNode("q", .rounded(nothing), [x]), "c") }
        let network = try graph.network(.exact)
        XCTAssertEqual(ReferenceExecutor(network).run([Float](repeating: 3, count: 32)), [Float](repeating: 0, count: 32))
        XCTAssertEqual(network.layers.count, 1)
    }

    func testRoundingOfConstants() {
        let asymmetric = PublishedGrid(scales: [0.5, 2], zeroPoints: [0, 3], axis: 1, lowest: 0, highest: 7)
        XCTAssertEqual(asymmetric.rounded([0.25, 3, -9, 90], shape: [2, 2]), [0, 4, 0, 8])
        XCTAssertEqual(asymmetric.dequantized([1, 1, 7, 7], shape: [2, 2]), [0.5, -4, 3.5, 8])
        XCTAssertTrue(grid.hasValues(of: PublishedGrid(scales: [0.5], zeroPoints: [128], lowest: 0, highest: 255)))
        XCTAssertFalse(grid.hasValues(of: coarse))
    }
}
