import Testing

@testable import SwiftletGraph

/// A graph from one input of `shape` to what `build` returns, on the way from which it adds nodes.
func sketch(_ shape: Shape, _ build: (inout Graph, ValueID) -> ValueID) -> Graph {
    var graph = Graph(name: "sketch")
    graph.input = graph.addValue("input", shape: shape)
    graph.output = build(&graph, graph.input)
    return graph
}

extension Graph {
    /// Appends a node named after its operation and place.
    mutating func add(_ operation: NodeOperation, _ inputs: ValueID...) -> ValueID {
        addNode("\(operation.label)\(nodes.count)", operation, inputs)
    }

    mutating func constant(_ values: [Float], _ shape: [Int]? = nil) -> ValueID {
        addConstant(Constant(shape: shape ?? [values.count], elements: .floats(values))!)
    }

    mutating func scalar(_ value: Float) -> ValueID {
        addConstant(Constant(value))
    }

    mutating func integers(_ values: [Int]) -> ValueID {
        addConstant(Constant(integers: values))
    }

    /// A convolution of random weights and biases.
    mutating func conv(
        _ input: ValueID, _ inputs: Int, _ outputs: Int, _ attributes: ConvAttributes = ConvAttributes(window: Window()), seed: Int = 1
    ) -> ValueID {
        let w = attributes.window
        let shape = [outputs, inputs / attributes.groups, w.kernelHeight, w.kernelWidth]
        let weights = constant(random(shape.reduce(1, *), seed: seed), shape)
        return add(.conv(attributes), input, weights, constant(random(outputs, seed: seed + 100)))
    }

    /// The names of the operations, in order.
    var labels: [String] { nodes.map(\.operation.label) }

    /// This graph after `passes`, without the nodes that they left unused.
    func after(_ passes: Pass...) throws -> Graph {
        var graph = self
        for pass in passes {
            try pass.run(&graph)
            graph.removeDeadNodes()
        }
        return graph
    }

    /// What the standard pipeline's network computes.
    func result(_ input: [Float]) throws -> [Float] {
        ReferenceExecutor(try network()).run(input)
    }
}

/// Repeatable values in -1 ..< 1.
func random(_ count: Int, seed: Int) -> [Float] {
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 23) - 1
    }
}

func window(_ kernel: Int, stride: Int = 1, pad: Int = 0) -> Window {
    var window = Window()
    (window.kernelHeight, window.kernelWidth) = (kernel, kernel)
    (window.strideHeight, window.strideWidth) = (stride, stride)
    (window.padTop, window.padLeft, window.padBottom, window.padRight) = (pad, pad, pad, pad)
    return window
}

/// Equal to single precision, seen against the largest expected value.
func expectClose(_ actual: [Float], _ expected: [Float], tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(actual.count == expected.count, sourceLocation: sourceLocation)
    let scale = max(expected.map(abs).max() ?? 0, 1e-3)
    let worst = zip(actual, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * scale, sourceLocation: sourceLocation)
}
