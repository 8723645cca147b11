import TestSupport
import Testing

@testable import SwiftletRuntime

/// The section that lists outputs, and its rules.
@Suite struct OutputsSectionTests {
    /// Those that the file has.
    private static func sections(_ builder: ModelBuilder) throws -> [[UInt8]] {
        try builder.finish().withUnsafeBytes { file in
            try FileLayout.sections(of: file).filter { $0.baseAddress != nil }.map { Array($0) }
        }
    }

    private func message(_ sections: [[UInt8]]) -> String {
        do {
            _ = try Model(bytes: FileLayout.assemble(sections))
            return "nothing"
        } catch {
            return error.message
        }
    }

    private func message(_ change: (inout [OutputDescription]) -> Void) -> String {
        var builder = SmallModel.withSeveralOutputs()
        change(&builder.outputs)
        return OneOperator.error(builder)?.message ?? "nothing"
    }

    @Test func roundTrip() throws {
        let model = try Model(bytes: SmallModel.withSeveralOutputs().finish())
        #expect(model.outputs.map(\.name) == ["map", "logits", "early", "gate"])
        #expect(model.outputs.map(\.head) == [.none, .argMax, .none, .sigmoid])
        #expect(model.outputs.map(\.count) == [4 * 4 * 32, 10, 9 * 8 * 24, 24])
        #expect(model.outputs.map(\.isVector) == [false, true, false, true])
        #expect(model.outputs[2].height == 9 && model.outputs[2].width == 8 && model.outputs[2].channels == 24)
        #expect(model.classifyingOutput == 1 && model.classCount == 10)
        #expect(model.output(named: "gate") == 3)
        #expect(model.output(named: "nowhere") == nil)
    }

    /// A vector of logits or probabilities needs no section: such files are as they always were.
    @Test func oneVectorNeedsNone() throws {
        var builder = OneOperator.convolution()
        let plain = builder.finish()
        builder.outputs[0].name = "y"
        #expect(builder.finish() == plain)
        #expect(try Self.sections(builder).count == 5)
        #expect(try Model(bytes: plain).outputs.map(\.name) == ["output"])
        builder.outputs[0].head = .softmax
        #expect(try Self.sections(builder).count == 5)
        #expect(try Model(bytes: builder.finish()).endsInSoftmax)
        builder.outputs[0].head = .argMax
        #expect(try Self.sections(builder).count == 6)
        let model = try Model(bytes: builder.finish())
        #expect(model.outputs.map(\.name) == ["y"] && model.outputs[0].head == .argMax && !model.endsInSoftmax)
    }

    @Test func oneMapIsEnough() throws {
        var builder = SmallModel.withSeveralOutputs()
        builder.outputs = [builder.outputs[2]]
        builder.labels = []
        let model = try Model(bytes: builder.finish())
        #expect(model.outputs.count == 1 && model.classifyingOutput == 0 && !model.outputs[0].isVector)
        #expect(throws: SwiftletError.self) { try model.head(named: nil) }
    }

    @Test func rules() {
        #expect(message { _ in } == "nothing")
        #expect(message { $0[0].name = "" }.contains("an output has no name of its own"))
        #expect(message { $0[3].name = "map" }.contains("an output has no name of its own"))
        #expect(message { $0[2].tensor = 99 }.contains("no operator writes an output"))
        #expect(message { $0[2].tensor = 0 }.contains("no operator writes an output"))  // the input
        #expect(message { $0[2].head = .softmax }.contains("a map has a head"))
        #expect(
            message { outputs in
                for number in 0..<61 { outputs.append(OutputDescription(name: "more\(number)", tensor: outputs[0].tensor)) }
            }.contains("not 1 to 64"))
        // One tensor may have two names.
        #expect(message { $0.append(OutputDescription(name: "again", tensor: $0[0].tensor)) } == "nothing")
    }

    @Test func fieldsOfTheBytes() throws {
        let sections = try Self.sections(SmallModel.withSeveralOutputs())
        func message(_ change: (inout [UInt8]) -> Void) -> String {
            var changed = sections
            change(&changed[5])
            return self.message(changed)
        }
        // The last byte is the last output's head.
        let end = sections[5].count
        #expect(message { _ in } == "nothing")
        #expect(message { $0[end - 1] = 6 }.contains("unknown head"))
        #expect(message { $0[0] = 0 }.contains("not 1 to 64"))
        #expect(message { $0[3] = 1 }.contains("not 1 to 64"))
        #expect(message { $0[0] = 3 }.contains("bytes follow the last output"))
        #expect(message { $0[0] = 5 }.contains("truncated"))
        for count in 1..<end { #expect(message { $0 = Array($0[..<count]) } != "nothing", "cut at \(count)") }
    }

    /// The model section names the output that classifies, too.
    @Test func sectionsThatContradictEachOther() throws {
        var sections = try Self.sections(SmallModel.withSeveralOutputs())
        var builder = SmallModel.withSeveralOutputs()
        builder.outputs[1].head = .softmax
        sections[5] = try Self.sections(builder)[5]
        #expect(message(sections).contains("another than the model section's"))
        builder.outputs.swapAt(1, 3)
        sections[5] = try Self.sections(builder)[5]
        #expect(message(sections).contains("another than the model section's"))
    }

    @Test func numbersOfSections() throws {
        let six = try Self.sections(SmallModel.withSeveralOutputs())
        #expect(message(Array(six[..<5])) == "nothing")  // its logits alone: an older program's file
        let seven = FileLayout.assemble(six + [six[5]])
        #expect(throws: SwiftletError.self) { try Model(bytes: seven) }
        let four = FileLayout.assemble(Array(six[..<4]))
        #expect(throws: SwiftletError.self) { try Model(bytes: four) }
    }
}
