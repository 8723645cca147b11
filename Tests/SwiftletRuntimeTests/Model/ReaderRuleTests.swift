import Testing

@testable import SwiftletRuntime

/// Every rule of a field that kernels rely on is the reader's: Format/README.md has the table.
@Suite struct ReaderRuleTests {
    private func refuses(_ builder: ModelBuilder, _ text: String, _ location: SourceLocation = #_sourceLocation) {
        let message = OneOperator.error(builder)?.message ?? "nothing"
        #expect(message.contains(text), "\(message)", sourceLocation: location)
    }

    @Test func whatIsGoodIsTaken() {
        #expect(OneOperator.error(OneOperator.convolution()) == nil)
        #expect(OneOperator.error(OneOperator.float { _ in }) == nil)
        #expect(OneOperator.error(OneOperator.maxPool(side: 9, kernel: 3)) == nil)
    }

    /// Anywhere in an array, vectors and their remainders alike.
    @Test func weightsOfMinus128() {
        for position in [0, 1, 63, 64, 100, 201] {
            refuses(OneOperator.convolution(channels: 101) { $0.weights[position] = -128 }, "-128")
        }
        #expect(OneOperator.error(OneOperator.convolution(channels: 101) { $0.weights = $0.weights.map { _ in -127 } }) == nil)
    }

    @Test func floatWeightsThatAreNotFinite() {
        for value in [Float.infinity, -.infinity, .nan, .signalingNaN] {
            refuses(OneOperator.float { $0.floatWeights[15] = value }, "not finite")
            refuses(OneOperator.float { $0.floatBias[3] = value }, "not finite")
        }
        #expect(OneOperator.error(OneOperator.float { $0.floatWeights[7] = .leastNonzeroMagnitude }) == nil)  // dead channels have such
    }

    @Test func activationConstants() {
        func clip(_ low: Float, _ high: Float) -> ModelBuilder {
            OneOperator.float(kind: .activationFloat) { ($0.activation, $0.activationA, $0.activationB) = (.clip, low, high) }
        }
        for (low, high) in [(6, 0), (.nan, 6), (0, .nan), (.leastNonzeroMagnitude, 6), (0, .leastNonzeroMagnitude)] as [(Float, Float)] {
            refuses(clip(low, high), "activation constant")
        }
        for (low, high) in [(0, 6), (-.infinity, 6), (0, .infinity), (1, 1)] as [(Float, Float)] {
            #expect(OneOperator.error(clip(low, high)) == nil)
        }
        refuses(OneOperator.float { ($0.activation, $0.activationA) = (.hardSigmoid, .infinity) }, "activation constant")
        refuses(OneOperator.float { $0.activationB = 1 }, "activation constant")  // linear has none
    }

    @Test func fieldsThatAnOperatorDoesNotHave() {
        refuses(OneOperator.convolution { $0.isMaxPool = true }, "flags")
        refuses(OneOperator.maxPool(side: 9, kernel: 3, groups: 0), "group count")
        refuses(OneOperator.maxPool(side: 9, kernel: 3, groups: 2), "group count")
    }

    @Test func offsetsOfTheInput() {
        for offset in [.nan, 1025, -1025, .leastNonzeroMagnitude] as [Float] {
            var builder = OneOperator.convolution()
            builder.inputOffsets = [0, 0, offset, 0]
            refuses(builder, "input offset")
        }
    }

    /// Arrays stand in the order of their records: bias before weights, or in the same place, is refused.
    @Test func arraysOutOfOrder() throws {
        let sections = try OneOperator.convolution().finish().withUnsafeBytes { file in try FileLayout.sections(of: file).map { Array($0) }
        }
        // The operator's eight records of 8 bytes end the section: weights, bias, multipliers, ...
        let weights = sections[0].count - 64
        func offset(_ record: Int) -> UInt8 { sections[0][weights + 8 * record] }
        func message(_ change: (inout [UInt8]) -> Void) -> String {
            var changed = sections
            change(&changed[0])
            do {
                _ = try Model(bytes: FileLayout.assemble(changed))
                return "nothing"
            } catch {
                return error.message
            }
        }
        #expect(message { _ in } == "nothing")
        #expect(message { $0[weights + 8] = offset(0) }.contains("before the array before it ends"))
        #expect(message { ($0[weights], $0[weights + 8]) = (offset(1), offset(0)) }.contains("before the array before it ends"))
    }
}
