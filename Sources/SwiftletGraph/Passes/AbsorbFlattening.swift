extension Pass {
    /// A linear layer on a flattened map becomes a convolution whose kernel is the whole map.
    package static let absorbFlattening = Pass("absorb flattening") { graph throws(GraphError) in
        let shapes = graph.mapShapes()
        let producers = graph.producers()
        let sources = graph.reshapingSources()
        for index in graph.nodes.indices {
            guard case .convolution(let convolution) = graph.nodes[index].operation, convolution.groups == 1,
                convolution.window == Window(), let source = flattened(graph, graph.nodes[index].inputs[0], sources, shapes, producers)
            else { continue }
            try graph.spend(0, steps: convolution.weights.count, for: graph.nodes[index])
            graph.nodes[index].operation = .convolution(convolution.reading(source.map, channelsLast: source.isChannelsLast))
            graph.nodes[index].inputs[0] = source.value
        }
    }

    /// The map behind a chain of reshapes that ends in the vector `value`, and whether its channels vary fastest there.
    private static func flattened(
        _ graph: Graph, _ value: ValueID, _ sources: [ValueID], _ shapes: [MapShape?], _ producers: [Int?]
    ) -> (value: ValueID, map: MapShape, isChannelsLast: Bool)? {
        guard let vector = shapes[value], vector.isVector else { return nil }
        var source = sources[value]
        var isChannelsLast = false
        if let producer = producers[source], case .transpose([0, 2, 3, 1]?) = graph.nodes[producer].operation {
            isChannelsLast = true
            source = graph.nodes[producer].inputs[0]
        }
        guard source != value, let map = shapes[source], map.height * map.width * map.channels == vector.channels else { return nil }
        return (source, map, isChannelsLast)
    }
}

extension Convolution {
    /// This 1x1 convolution of a vector as one that reads the map the vector was made of, in the order [channels, height, width] or, when
    /// `channelsLast`, [height, width, channels].
    fileprivate func reading(_ map: MapShape, channelsLast: Bool) -> Convolution {
        var result = self
        result.window.kernelHeight = map.height
        result.window.kernelWidth = map.width
        guard !channelsLast else { return result }
        let positions = map.height * map.width
        var index = 0
        for output in 0..<outputs {
            for position in 0..<positions {
                for channel in 0..<map.channels {
                    result.weights[index] = weights[(output * map.channels + channel) * positions + position]
                    index += 1
                }
            }
        }
        return result
    }
}
