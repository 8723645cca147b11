/// What a value is to `Network`: a map, batch apart. A vector has one position, in whichever shape the source model keeps it.
struct MapShape: Equatable {
    var height: Int
    var width: Int
    var channels: Int

    var isVector: Bool { height == 1 && width == 1 }
    /// Whether `other` can be combined with this element by element or as a vector of its channels.
    func accepts(_ other: MapShape) -> Bool {
        self == other || (other.isVector && other.channels == channels)
    }

    static func vector(_ channels: Int) -> MapShape {
        MapShape(height: 1, width: 1, channels: channels)
    }
}

extension Graph {
    /// The map that each value is, from the input forward; nil where a value is none, or hangs on such a value.
    func mapShapes() -> [MapShape?] {
        var result = [MapShape?](repeating: nil, count: values.count)
        result[input] = inputMapShape
        for node in nodes { result[node.output] = mapShape(of: node, result) }
        return result
    }

    var inputMapShape: MapShape? {
        guard let shape = values[input].shape else { return nil }
        if let map = shape.map { return MapShape(height: map.height, width: map.width, channels: map.channels) }
        return shape.vectorCount.map(MapShape.vector)
    }

    func mapShape(of node: Node, _ shapes: [MapShape?]) -> MapShape? {
        guard let first = node.inputs.first, let x = shapes[first] else { return reshapedVector(node) }
        switch node.operation {
        case .convolution(let convolution):
            guard x.channels == convolution.inputsPerGroup * convolution.groups else { return nil }
            return windowed(x, convolution.window, channels: convolution.outputs)
        case .pool(let pool):
            return windowed(x, pool.window, channels: x.channels)
        case .zeroPadding(let window):
            return windowed(x, window, channels: x.channels)
        case .affine(let affine):
            return affine.channels == nil || affine.channels == x.channels ? x : nil
        case .activation, .rounded, .softmax:
            return x
        case .globalAveragePool:
            return .vector(x.channels)
        case .multiply, .add:
            guard node.inputs.count == 2, let y = shapes[node.inputs[1]] else { return nil }
            return x.accepts(y) ? x : y.accepts(x) ? y : nil
        case .concat(let axis):
            return joined(node, axis, x, shapes)
        case .select(let axis, let indices):
            guard var result = joined(node, axis, x, shapes), indices.allSatisfy({ $0 < result.channels }) else { return nil }
            result.channels = indices.count
            return result
        case .resample(let rows, let columns):
            guard rows.allSatisfy({ (0..<x.height).contains($0) }), columns.allSatisfy({ (0..<x.width).contains($0) }) else { return nil }
            return MapShape(height: rows.count, width: columns.count, channels: x.channels)
        case .reshape, .flatten, .squeeze, .unsqueeze, .transpose:
            return reshapedVector(node)
        default:
            return nil
        }
    }

    /// Where the order of elements is that of a vector, whatever came before.
    private func reshapedVector(_ node: Node) -> MapShape? {
        switch node.operation {
        case .reshape, .flatten, .squeeze, .unsqueeze, .transpose:
            return values[node.output].shape?.vectorCount.map(MapShape.vector)
        default:
            return nil
        }
    }

    private func windowed(_ x: MapShape, _ window: Window, channels: Int) -> MapShape? {
        window.outputSize(height: x.height, width: x.width).map { MapShape(height: $0.height, width: $0.width, channels: channels) }
    }

    private func joined(_ node: Node, _ axis: Int, _ first: MapShape, _ shapes: [MapShape?]) -> MapShape? {
        guard let shape = values[node.output].shape else { return nil }
        let axis = axis < 0 ? axis + shape.rank : axis
        guard axis == 1 || axis == shape.vectorAxis else { return nil }
        var result = first
        for input in node.inputs.dropFirst() {
            guard let map = shapes[input], map.height == first.height, map.width == first.width else { return nil }
            result.channels += map.channels
        }
        return result
    }
}
