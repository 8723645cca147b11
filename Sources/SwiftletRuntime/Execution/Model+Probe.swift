extension Model {
    /// The digest of all outputs for the inputs that follow from a seed: the XXH64 of each output's values, one after another.
    /// - Parameter inputs: how many.
    package func probeDigest(inputs: Int, seed: UInt64) throws(SwiftletError) -> UInt64 {
        let session = try Session(self)
        var digest: UInt64 = 0
        for number in 0..<inputs {
            try setProbe(seed &+ UInt64(number), in: session)
            session.run()
            for output in 0..<outputs.count {
                digest = digest &* 0x9E37_79B9_7F4A_7C15 &+ Checksum.xxh64(UnsafeRawBufferPointer(session.values(of: output)))
            }
        }
        return digest
    }

    /// Patches of random colors with noise over them where the model takes pictures, else values of -2 to 2.
    private func setProbe(_ seed: UInt64, in session: Session) throws(SwiftletError) {
        let (shape, side) = (inputShape, 16)
        var random = SplitMix64(seed: seed)
        guard takesPictures else {
            var values = [Float](repeating: 0, count: shape.count)
            for index in 0..<values.count { values[index] = Float(Int32(random.next() >> 40) - (1 << 23)) / Float(1 << 22) }
            return try values.withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values) }
        }
        var pixels = [UInt8](repeating: 0, count: shape.count)
        for index in 0..<pixels.count {
            let (position, channel) = (index / shape.channels, index % shape.channels)
            let patch = (position / shape.width / side * shape.width + position % shape.width / side) * shape.channels + channel
            var color = SplitMix64(seed: seed ^ UInt64(patch) << 32)
            pixels[index] = UInt8((color.next() >> 57) + (random.next() >> 57))
        }
        try pixels.withUnsafeBufferPointer { pixels throws(SwiftletError) in try session.setInput(pixels: pixels) }
    }
}
