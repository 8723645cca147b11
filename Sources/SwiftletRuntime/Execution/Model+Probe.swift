extension Model {
    /// The digest of all outputs for the inputs that follow from a seed: the XXH64 of each output's values, one after another.
    ///
    /// Inputs are noise: pixels where the model takes pictures, else values about 0 whose deviation is 1.
    /// - Parameter inputs: how many.
    package func probeDigest(inputs: Int, seed: UInt64) throws(SwiftletError) -> UInt64 {
        let session = try Session(self)
        var random = SplitMix64(seed: seed)
        var values = [Float](repeating: 0, count: inputShape.count)
        var digest: UInt64 = 0
        for _ in 0..<inputs {
            for index in 0..<values.count {
                let channel = index % inputShape.channels
                values[index] =
                    takesPictures
                    ? preprocessing.normalized(pixel: UInt8(random.next() >> 56), channel: channel) : random.nextNormal()
            }
            try values.withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values) }
            session.run()
            for output in 0..<outputs.count {
                digest = digest &* 0x9E37_79B9_7F4A_7C15 &+ Checksum.xxh64(UnsafeRawBufferPointer(session.values(of: output)))
            }
        }
        return digest
    }
}
