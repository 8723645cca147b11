import SwiftletRuntime

extension ModelBuilder {
    /// Adds the inputs that a board is tried with, and the digest of what this machine gives for them. Later changes make it wrong.
    mutating func addProbe(allowsLarge: Bool) throws(SwiftletError) {
        let (inputs, seed) = (4, UInt64(1))
        let digest = try Model(bytes: finish(), allowsLarge: allowsLarge).probeDigest(inputs: inputs, seed: seed)
        probe = Probe(inputs: inputs, seed: seed, digest: digest)
    }
}
