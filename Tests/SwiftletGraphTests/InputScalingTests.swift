import Testing

@testable import SwiftletGraph

/// What a graph does to its input before anything else, and what that says about the input.
struct InputScalingTests {
    /// The scaling of a network whose first convolution reads what `build` makes of the input.
    private func scaling(
        _ shape: Shape = [.batch, 3, 8, 8], integers: Bool = false, _ build: (inout Graph, ValueID) -> ValueID
    ) throws -> InputScaling {
        var graph = sketch(shape) { graph, input in
            let scaled = build(&graph, input)
            return graph.add(.globalAveragePool, graph.conv(scaled, 3, 4, ConvAttributes(window: window(3, pad: 1))))
        }
        graph.inputScaling.takesIntegers = integers
        return try graph.network().inputScaling
    }

    private func expect(_ scaling: InputScaling, mean: [Double], std: [Double], _ expectation: InputScaling.Expectation) {
        #expect(scaling.mean.count == mean.count && scaling.std.count == std.count)
        for (found, wanted) in zip(scaling.mean + scaling.std, mean + std) { #expect(abs(found - wanted) < 1e-4 * max(1, abs(wanted))) }
        #expect(scaling.expectation == expectation)
    }

    @Test func scalarsOfPixels() throws {
        expect(try scaling { $0.add(.binary(.divide), $1, $0.scalar(255)) }, mean: [0], std: [255], .pixels)
        let centered = try scaling { graph, x in
            graph.add(.binary(.subtract), graph.add(.binary(.divide), x, graph.scalar(127.5)), graph.scalar(1))
        }
        expect(centered, mean: [127.5], std: [127.5], .pixels)
        let added = try scaling { graph, x in
            graph.add(.binary(.add), graph.add(.binary(.multiply), graph.scalar(1 / 127.5), x), graph.scalar(-1))
        }
        expect(added, mean: [127.5], std: [127.5], .pixels)
    }

    @Test func channelsOfPixels() throws {
        let (mean, std): ([Float], [Float]) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
        let scaled = try scaling { graph, x in
            let unit = graph.add(.binary(.multiply), x, graph.scalar(1 / 255))
            let centered = graph.add(.binary(.subtract), unit, graph.constant(mean, [1, 3, 1, 1]))
            return graph.add(.binary(.divide), centered, graph.constant(std, [3, 1, 1]))
        }
        expect(scaled, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375], .pixels)
        let meanAlone = try scaling { $0.add(.binary(.subtract), $1, $0.constant([103.939, 116.779, 123.68], [3, 1, 1])) }
        expect(meanAlone, mean: [103.939, 116.779, 123.68], std: [1, 1, 1], .pixels)
    }

    @Test func unitValues() throws {
        let centered = try scaling { graph, x in
            let centered = graph.add(.binary(.subtract), x, graph.constant([0.485, 0.456, 0.406], [3, 1, 1]))
            return graph.add(.binary(.divide), centered, graph.constant([0.229, 0.224, 0.225], [3, 1, 1]))
        }
        expect(centered, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], .unit)
        let toPixels = try scaling { $0.add(.binary(.multiply), $1, $0.scalar(255)) }
        expect(toPixels, mean: [0], std: [1.0 / 255], .unit)
    }

    @Test func batchNormalizationOfPixels() throws {
        let scaled = try scaling { graph, x in
            let ones = graph.constant([1, 1, 1])
            let mean = graph.constant([120, 115, 105])
            return graph.add(
                .batchNormalization(epsilon: 0), x, ones, graph.constant([0, 0, 0]), mean, graph.constant([3600, 3600, 4900]))
        }
        expect(scaled, mean: [120, 115, 105], std: [60, 60, 70], .pixels)
    }

    @Test func normalizedValuesTellNothing() throws {
        expect(try scaling { $1 }, mean: [0], std: [1], .unknown)
        let normalization = try scaling { graph, x in
            let ones = graph.constant([1, 1, 1])
            let mean = graph.constant([0.02, -0.1, 0.05])
            return graph.add(.batchNormalization(epsilon: 0), x, ones, graph.constant([0, 0, 0]), mean, graph.constant([1.1, 0.9, 1]))
        }
        #expect(normalization.expectation == .unknown)
        // What is behind an activation is no scaling of the input.
        expect(try scaling { $0.add(.binary(.divide), $0.add(.activation(.relu), $1), $0.scalar(255)) }, mean: [0], std: [1], .unknown)
    }

    @Test func integersArePixels() throws {
        #expect(try scaling(integers: true) { $1 }.expectation == .pixels)
        expect(try scaling(integers: true) { $0.add(.cast(toInteger: false), $1) }, mean: [0], std: [1], .pixels)
    }

    @Test func channelsLast() throws {
        let scaled = try scaling([.batch, 8, 8, 3]) { graph, x in
            let centered = graph.add(
                .binary(.subtract), graph.add(.cast(toInteger: false), x), graph.constant([120, 110, 100], [1, 1, 1, 3]))
            return graph.add(.transpose([0, 3, 1, 2]), graph.add(.binary(.divide), centered, graph.constant([50, 60, 70])))
        }
        expect(scaled, mean: [120, 110, 100], std: [50, 60, 70], .pixels)
    }

    /// The input is in RGB, the constants in BGR.
    @Test func reorderedChannels() throws {
        let scaled = try scaling { graph, x in
            let reordered = graph.add(.gather(axis: 1), x, graph.integers([2, 1, 0]))
            return graph.add(.binary(.subtract), reordered, graph.constant([103, 116, 123], [3, 1, 1]))
        }
        expect(scaled, mean: [123, 116, 103], std: [1, 1, 1], .pixels)
    }

    @Test func whatPixelsMayBeNormalizedTo() throws {
        let unit = InputScaling(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])
        #expect(unit.suits(mean: [0, 0, 0], std: [255, 255, 255]))
        #expect(!unit.suits(mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375]))
        #expect(!unit.suits(mean: [0, 0, 0], std: [1, 1, 1]))
        let centered = InputScaling(mean: [0], std: [128])
        #expect(centered.suits(mean: [128, 128, 128], std: [1, 1, 1]))
        #expect(!centered.suits(mean: [0, 0, 0], std: [255, 255, 255]))
    }
}
