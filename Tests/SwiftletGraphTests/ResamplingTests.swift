import Testing

@testable import SwiftletGraph

struct ResamplingTests {
    private func resized(
        _ attributes: ResizeAttributes, height: Int, width: Int, scales: [Float]? = nil, sizes: [Int]? = nil
    ) -> Graph {
        sketch([.batch, 1, .fixed(height), .fixed(width)]) { graph, x in
            let empty = graph.integers([])
            let given = scales.map { graph.constant($0) } ?? empty
            return graph.add(.resize(attributes), x, empty, given, sizes.map { graph.integers($0) } ?? empty)
        }
    }

    private func row(_ attributes: ResizeAttributes, _ values: [Float], scale: Float) throws -> [Float] {
        try resized(attributes, height: 1, width: values.count, scales: [1, 1, 1, scale]).result(values)
    }

    @Test func nearestNeighborsRepeatPositions() throws {
        let graph = resized(ResizeAttributes(isLinear: false, hasRegion: true), height: 2, width: 2, scales: [1, 1, 2, 3])
        #expect(try graph.result([1, 2, 3, 4]) == [1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4])
        let network = try graph.network()
        #expect(network.statistics.map(\.kind) == ["resample"])
    }

    /// 7 positions of 3, as a gate that was pooled to half the size is brought back: floor(i * 3 / 7).
    @Test func nearestNeighborsOfAnyFactor() throws {
        let graph = resized(ResizeAttributes(isLinear: false, hasRegion: true), height: 1, width: 3, sizes: [1, 1, 1, 7])
        #expect(try graph.result([1, 2, 3]) == [1, 1, 1, 2, 2, 3, 3])
    }

    /// Two neighbors are equally near to each position of the result: at 0.5, 2.5, 4.5.
    @Test func roundingOfNearestNeighbors() throws {
        let values: [Float] = [0, 1, 2, 3, 4, 5]
        let taken: [(ResizeAttributes.Rounding, [Float])] = [
            (.preferFloor, [0, 2, 4]), (.preferCeiling, [1, 3, 5]), (.floor, [0, 2, 4]), (.ceiling, [1, 3, 5]),
        ]
        for (rounding, expected) in taken {
            let attributes = ResizeAttributes(isLinear: false, hasRegion: true, coordinates: .halfPixel, rounding: rounding)
            #expect(try row(attributes, values, scale: 0.5) == expected)
        }
        let corners = ResizeAttributes(isLinear: false, hasRegion: true, coordinates: .alignCorners, rounding: .preferFloor)
        #expect(try row(corners, [0, 1, 2], scale: 5.0 / 3) == [0, 0, 1, 1, 2])
    }

    @Test func linearInterpolationInEachCoordinateSystem() throws {
        func linear(_ coordinates: ResizeAttributes.Coordinates, _ values: [Float], _ scale: Float) throws -> [Float] {
            try row(ResizeAttributes(isLinear: true, hasRegion: true, coordinates: coordinates), values, scale: scale)
        }
        #expect(try linear(.halfPixel, [0, 4], 2) == [0, 1, 3, 4])
        #expect(try linear(.halfPixel, [0, 4], 4) == [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4])
        #expect(try linear(.asymmetric, [0, 4], 4) == [0, 1, 2, 3, 4, 4, 4, 4])
        #expect(try linear(.alignCorners, [0, 4, 8], 5.0 / 3) == [0, 2, 4, 6, 8])
        #expect(try linear(.pytorchHalfPixel, [0, 2, 4, 6], 0.25) == [0])
        // The middles of two and of four; every third.
        #expect(try linear(.halfPixel, [0, 2, 4, 6], 0.5) == [1, 5])
        #expect(try linear(.halfPixel, [0, 2, 4, 8, 9, 9, 9, 9], 0.25) == [3, 9])
        #expect(try linear(.halfPixel, [0, 2, 4, 8, 9, 9], 1.0 / 3) == [2, 9])
    }

    /// 3 positions of 2: at -1/6, 1/2, 7/6.
    @Test func linearInterpolationByAFraction() throws {
        let attributes = ResizeAttributes(isLinear: true, hasRegion: true, coordinates: .halfPixel)
        let values = try resized(attributes, height: 1, width: 2, sizes: [1, 1, 1, 3]).result([0, 6])
        for (value, expected) in zip(values, [0, 3, 6] as [Float]) { #expect(abs(value - expected) < 1e-5) }
        let large = resized(attributes, height: 1, width: 23, sizes: [1, 1, 1, 41])
        #expect(throws: GraphError.self) { try large.network() }
    }

    /// Height and width are interpolated independently, by one convolution.
    @Test func linearInterpolationOfBothAxes() throws {
        let attributes = ResizeAttributes(isLinear: true, hasRegion: true, coordinates: .halfPixel)
        let graph = resized(attributes, height: 2, width: 2, scales: [1, 1, 2, 2])
        #expect(try graph.result([0, 4, 8, 12]) == [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12])
        #expect(try graph.network().statistics.map(\.kind) == ["resample", "convolution"])
    }

    @Test func someAxesAreNamed() throws {
        let attributes = ResizeAttributes(isLinear: false, hasRegion: true, axes: [3, -2])
        #expect(try resized(attributes, height: 2, width: 1, sizes: [2, 2]).result([1, 2]) == [1, 1, 2, 2])
        #expect(try resized(attributes, height: 1, width: 1, scales: [3, 1]).result([1]) == [1, 1, 1])
    }

    /// Parts of a map, and what is taken of what was taken.
    @Test func rowsAndColumnsAreOneCopy() throws {
        let graph = sketch([.batch, 1, 4, 4]) { graph, x in
            let rows = graph.add(
                .slice, x, graph.integers([3]), graph.integers([Int.min]), graph.integers([2]), graph.integers([-2]))
            return graph.add(.gather(axis: 3), rows, graph.integers([1, 1, 2]))
        }
        #expect(try graph.result((0..<16).map(Float.init)) == [13, 13, 14, 5, 5, 6])
        #expect(try graph.network().layers.count == 1)
    }
}
