import SwiftletRuntime
import TestSupport
import Testing

/// The optional parts of a file: a probe in it, a signature after it.
struct SignedFileTests {
    private let signature = [UInt8](1...64)

    @Test func whatIsNotAskedForChangesNoByte() throws {
        for builder in [try ModelBuilder(reading: SmallModel.bytes()), SmallModel.withSeveralOutputs()] {
            var probed = builder
            probed.probe = Probe(inputs: 2, seed: 3, digest: 4)
            let bytes = probed.finish()
            #expect(try Model(bytes: bytes).probe == probed.probe)
            #expect(try Model(bytes: builder.finish()).probe == nil)
            var again = try ModelBuilder(reading: bytes)
            #expect(again.finish() == bytes)
            again.probe = nil
            #expect(again.finish() == builder.finish())
        }
    }

    @Test func signedFilesAreRead() throws {
        let bytes = SmallModel.bytes()
        let signed = bytes + FileSignature.trailer(signature)
        #expect(signed.count == bytes.count + FileSignature.size)
        let (plain, model) = (try Model(bytes: bytes), try Model(bytes: signed))
        #expect(try model.probeDigest(inputs: 2, seed: 5) == plain.probeDigest(inputs: 2, seed: 5))
        #expect(try ModelBuilder(reading: signed).finish() == bytes)
        signed.withUnsafeBytes { file in
            let parts = FileSignature(file)
            #expect(parts.content.elementsEqual(bytes))
            #expect(parts.signature.map { Array($0) } == signature)
        }
        bytes.withUnsafeBytes { #expect(FileSignature($0).signature == nil) }
        [UInt8](repeating: 0, count: 5).withUnsafeBytes { #expect(FileSignature($0).content.count == 5) }
    }

    /// All but the signature's own bytes: these are the verifier's to check.
    @Test func damageOfTheTrailerIsRefused() {
        let signed = SmallModel.bytes() + FileSignature.trailer(signature)
        for place in [0, 7, 72, 127] {
            var bytes = signed
            bytes[bytes.count - FileSignature.size + place] ^= 1
            #expect(throws: SwiftletError.self) { try Model(bytes: bytes) }
        }
        #expect(throws: SwiftletError.self) { try Model(bytes: signed + FileSignature.trailer(signature)) }
    }

    @Test func probesOfAnySizeButNone() throws {
        for inputs in [0, 1, 64, 65] {
            var builder = try ModelBuilder(reading: SmallModel.bytes())
            builder.probe = Probe(inputs: inputs, seed: 1, digest: 0)
            let bytes = builder.finish()
            if inputs == 1 || inputs == 64 {
                #expect(try Model(bytes: bytes).probe?.inputs == inputs)
            } else {
                #expect(throws: SwiftletError.self) { try Model(bytes: bytes) }
            }
        }
    }

    /// The same on every instruction set that this machine has, other for other inputs, and for a model that takes no pictures.
    @Test func digestsTellOutputsApart() throws {
        var one = OperatorCase("features", .convolutionInt8)
        one.channels = 7
        for bytes in [SmallModel.bytes(), one.model().finish()] {
            let digest = try Model(bytes: bytes).probeDigest(inputs: 2, seed: 1)
            #expect(try Model(bytes: bytes, instructionSet: .scalar).probeDigest(inputs: 2, seed: 1) == digest)
            #expect(try Model(bytes: bytes).probeDigest(inputs: 2, seed: 2) != digest)
            #expect(try Model(bytes: bytes).probeDigest(inputs: 1, seed: 1) != digest)
        }
        let digests = try [1, 2].map { try Model(bytes: SmallModel.bytes(seed: $0)).probeDigest(inputs: 1, seed: 1) }
        #expect(digests[0] != digests[1])
    }
}
