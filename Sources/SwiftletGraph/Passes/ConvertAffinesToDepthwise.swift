extension Pass {
    /// What scales, shifts and padding no neighbor could take in become 1x1 depthwise convolutions.
    package static let convertAffinesToDepthwise = Pass("convert affines to depthwise") { graph throws(GraphError) in
        let shapes = graph.mapShapes()
        for index in graph.nodes.indices {
            guard let input = graph.nodes[index].inputs.first, let channels = shapes[input]?.channels else { continue }
            let node = graph.nodes[index]
            switch node.operation {
            case .affine(let affine) where affine.channels == nil || affine.channels == channels:
                try graph.spend(2 * channels, for: node)
                graph.nodes[index].operation = .convolution(.depthwise(affine, channels: channels))
            case .zeroPadding(let window):
                try graph.spend(2 * channels, for: node)
                graph.nodes[index].operation = .convolution(.depthwise(Affine(), channels: channels, padding: window))
            default:
                break
            }
        }
    }
}
