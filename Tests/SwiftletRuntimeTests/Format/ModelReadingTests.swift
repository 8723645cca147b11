import SwiftletRuntime
import TestSupport
import Testing

/// A builder made of a file's bytes gives these again.
struct ModelReadingTests {
    @Test(arguments: [1, 2] as [UInt64]) func bytesAreTheSame(_ seed: UInt64) throws {
        let bytes = SmallModel.bytes(seed: seed)
        #expect(try ModelBuilder(reading: bytes).finish() == bytes)
        let several = SmallModel.withSeveralOutputs(seed: seed).finish()
        #expect(try ModelBuilder(reading: several).finish() == several)
    }

    @Test func everyOperatorIsRead() throws {
        for kind in OperatorKind.allCases {
            var one = OperatorCase("one", kind)
            (one.selects, one.poolCountsPadding) = (kind == .concatenate, kind.isPool)
            if kind.hasWindow { one.window = LoweredWindow(kernel: 3, stride: 2, padding: 1) }
            let bytes = one.model().finish()
            #expect(try ModelBuilder(reading: bytes).finish() == bytes, "\(kind)")
        }
    }

    @Test func damageIsNamed() {
        var bytes = SmallModel.bytes()
        bytes[bytes.count / 2] ^= 1
        #expect(throws: SwiftletError.self) { try ModelBuilder(reading: bytes) }
    }
}
