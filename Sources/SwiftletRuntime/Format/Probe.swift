/// Inputs that a file holds by the seed they follow from, and the digest of what the model gives for them: every machine that computes as
/// it should gives the same.
package struct Probe: Sendable, Equatable {
    package var inputs: Int
    package var seed: UInt64
    package var digest: UInt64

    package init(inputs: Int, seed: UInt64, digest: UInt64) {
        (self.inputs, self.seed, self.digest) = (inputs, seed, digest)
    }

    /// Nil where it is damaged.
    init?(from reader: inout ByteReader) {
        guard let inputs = reader.uint32(), let seed = reader.uint64(), let digest = reader.uint64(), inputs >= 1,
            inputs <= Bounds.largestProbe
        else { return nil }
        self.init(inputs: inputs, seed: seed, digest: digest)
    }

    func encode(into writer: inout ByteWriter) {
        writer.uint32(inputs)
        writer.uint64(seed)
        writer.uint64(digest)
    }
}
