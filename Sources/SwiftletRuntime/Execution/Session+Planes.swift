internal import CKernels

extension Session {
    /// Values that are interleaved at a time: they stay in a processor's nearest cache until they are converted.
    private static let blockValues = 3072

    /// Positions of the input in one block.
    static func blockPositions(_ model: Model) -> Int { max(1, blockValues / model.inputShape.channels) }

    /// Sets picture `index` of the batch from normalized values as exporters have them, [channels][height][width].
    package func setInput(planes: UnsafeBufferPointer<Float>, at index: Int = 0) throws(SwiftletError) {
        let target = try self.target(count: planes.count, at: index)
        guard let source = planes.baseAddress else { return }
        let (channels, positions) = (model.inputShape.channels, model.inputShape.height * model.inputShape.width)
        var shape = model.quantizeInput?.shape ?? sk_shape()
        var begin = 0
        while begin < positions {
            let count = min(Session.blockPositions(model), positions - begin)
            let offset = begin * channels
            if let conversion = model.quantizeInput {
                interleave(source + begin, planeSize: positions, channels: channels, count: count, to: block)
                (shape.in_h, shape.in_w, shape.out_h, shape.out_w) = (1, Int32(count), 1, Int32(count))
                conversion.convert(&shape, from: block, to: target + offset)
            } else {
                let values = target.assumingMemoryBound(to: Float.self) + offset
                interleave(source + begin, planeSize: positions, channels: channels, count: count, to: values)
            }
            begin += count
        }
    }
}

/// `count` positions of planes, [channels][planeSize], to [count][channels].
private func interleave(
    _ planes: UnsafePointer<Float>, planeSize: Int, channels: Int, count: Int, to target: UnsafeMutablePointer<Float>
) {
    if channels == 3 {
        let (first, second, third) = (planes, planes + planeSize, planes + 2 * planeSize)
        for position in 0..<count {
            target[3 &* position] = first[position]
            target[3 &* position &+ 1] = second[position]
            target[3 &* position &+ 2] = third[position]
        }
    } else {
        for channel in 0..<channels {
            let plane = planes + channel * planeSize
            for position in 0..<count { target[position &* channels &+ channel] = plane[position] }
        }
    }
}
