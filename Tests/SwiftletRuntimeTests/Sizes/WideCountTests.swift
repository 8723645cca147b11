import Testing

@testable import SwiftletRuntime

@Suite struct WideCountTests {
    @Test func sumsAndProducts() {
        #expect((WideCount(3) + 4).value == 7)
        #expect((WideCount(65_535) * 65_535 * 4).value == 17_179_344_900)  // beyond 32 bits
        #expect(WideCount(1).aligned.value == 64)
        #expect(WideCount(64).aligned.value == 64)
    }

    @Test func whatIsTooLargeStaysSo() {
        let large = WideCount(1 << 33) * (1 << 33)
        #expect(large == .tooLarge)
        #expect(large * 0 == .tooLarge)
        #expect(large + 1 == .tooLarge)
        #expect(WideCount(UInt64.max - 3) + 4 == .tooLarge)
        #expect(WideCount(UInt64.max - 3).aligned == .tooLarge)
        #expect(WideCount(-1) == .tooLarge)
        #expect(large.within(.tooLarge) == nil)
        #expect(large.clamped == Int64.max)
        #expect(large.text == "more than 10^19")
    }

    @Test func withinACeiling() {
        #expect(WideCount(10).within(WideCount(10)) == 10)
        #expect(WideCount(11).within(WideCount(10)) == nil)
    }

    /// Every ceiling leaves room for signed 32-bit products, which kernels count positions and values with.
    @Test func ceilingsFitInto32Bits() {
        for ceiling in [Ceilings.arenaBytes, Ceilings.scratchBytes, Ceilings.packedBytes, Ceilings.values] {
            #expect(ceiling + 65_536 < WideCount(Int(Int32.max)))
        }
    }
}
