import SwiftletGraph
import Testing

@testable import SwiftletImport

/// Damaged and hostile files: each is one line that names the file.
struct PaddleErrorTests {
    private let writer = PaddleModelWriter.small

    private func failure(_ program: [UInt8], parameters: [UInt8]? = nil) -> String? {
        do {
            _ = try PaddleImporter.read(writer.file(program, parameters: parameters), inputSize: nil)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func expect(_ failure: String?, _ text: String, _ comment: Comment? = nil) {
        #expect(failure?.contains(text) ?? false, "\(failure ?? "read")\(comment.map { ": \($0)" } ?? "")")
        #expect(failure?.contains("\n") == false)
        #expect(failure?.hasPrefix("m.") ?? false)
    }

    @Test func truncationAtAnyByte() {
        let small = PaddleModelWriter.quantized
        for (program, step) in [(small.programDesc, 1), (small.pir, 1), (writer.programDesc, 11), (writer.pir, 29)] {
            // What ProgramDesc has behind its block is a version.
            for length in stride(from: 0, to: program.count - 8, by: step) {
                let failure = failure(Array(program[..<length]))
                #expect(failure?.contains("\n") == false, "\(length) bytes of \(program.count)")
            }
        }
        let parameters = writer.parameterFile
        let program = writer.programDesc
        for length in 0..<parameters.count { expect(failure(program, parameters: Array(parameters[..<length])), "m.pdiparams: ") }
    }

    @Test func parametersOfAnotherProgram() {
        let parameters = writer.parameterFile
        expect(failure(writer.pir, parameters: parameters + [0]), "m.pdiparams: 1 bytes follow the program's 9 parameters")
        expect(failure(writer.pir, parameters: PaddleModelWriter.tensor([1], [1])), "it holds 1 tensors, but the program has 9 parameters")
        let missing = SourceFile(path: "m.json", bytes: writer.pir)
        #expect { try PaddleImporter.read(missing, inputSize: nil) } throws: { "\($0)".contains("name the .pdiparams file with --weights") }
    }

    @Test(
        arguments: [
            ([Int.max], 5), ([Int.max, Int.max], 5), ([-1], 5), ([0, Int.max], 5), ([1 << 40], 21), ([Int](repeating: 1, count: 65), 5),
            ([2], 99),
        ] as [([Int], UInt64)])
    func absurdTensors(_ shape: [Int], _ type: UInt64) {
        var w = PaddleModelWriter()
        w.outputs = [w.add("elementwise_add", [("X", "x"), ("Y", w.parameter("b", [1], [1]))])]
        let tensor = PaddleModelWriter.header(PaddleModelWriter.description(shape, type: type)) + [0, 0, 0, 0]
        expect(failure(w.programDesc, parameters: tensor), "m.pdiparams: tensor 1 of 1, 'b': it has the ")
        let levels = PaddleModelWriter.header(PaddleModelWriter.description([1], type: 5), levels: 1 << 62) + [0, 0, 0, 0]
        expect(failure(w.programDesc, parameters: levels), "'b': its header is damaged")
    }

    @Test func moreThanANetworkHas() {
        let field: (UInt64, [UInt8]) -> [UInt8] = PaddleModelWriter.field
        let start = PaddleModelWriter.field(1, 0) + PaddleModelWriter.field(2, UInt64.max)
        let operators = [[UInt8]](repeating: [0x22, 0], count: 40_000).flatMap(\.self)
        expect(failure(field(1, start + operators)), "more than 32768 operators")
        let variables = (0..<300_000).flatMap { field(3, PaddleModelWriter.field(1, "\($0)")) }
        expect(failure(field(1, start + variables)), "more than 262144 variables")
        let longShape = field(4, field(4, PaddleModelWriter.field(1, "a") + field(6, [UInt8](repeating: 1, count: 2_000_000))))
        expect(failure(field(1, start + longShape)), "more names and numbers")
        expect(failure(field(1, start) + field(1, start)), "more than one block")
        expect(failure(field(1, start)), "no fetch operator")
    }

    @Test func hostileJSON() {
        let head = Array(#"{"base_code":"#.utf8)
        for opening in ["[", #"{"a":"#] {
            let deep = [[UInt8]](repeating: Array(opening.utf8), count: 100_000).flatMap(\.self)
            expect(failure(head + deep), "nested deeper than 64 levels")
        }
        let many = [[UInt8]](repeating: Array("0,".utf8), count: 1_100_000).flatMap(\.self)
        expect(failure(head + Array("[".utf8) + many), "more than 1048576 values")
        for text in [
            #"{"base_code":"#, #"{"base_code":1"#, #"{"base_code":1}}"#, #"{"base_code":]"#, #"{"base_code" 1}"#, #"{"base_code":1,}"#,
            #"{"base_code":"\"#, #"{"base_code":{"magic":"pir"}}"#, #"{"base_code":{"magic":"pir"},"program":{"regions":[1]}}"#,
            #"{"base_code":1e999999999}"#,
        ] {
            expect(failure(Array(text.utf8)), "m.pdmodel: ")
        }
    }

    @Test func valuesThatNothingComputes() {
        var w = PaddleModelWriter()
        w.outputs = [w.add("relu", [("X", "nowhere")])]
        expect(failure(w.programDesc, parameters: []), "operator relu 'relu_0.tmp_0': it reads 'nowhere', which nothing before it computes")
        w.outputs = ["elsewhere"]
        expect(failure(w.programDesc, parameters: []), "nothing computes its output 'elsewhere'")
    }

    /// A weight that a thousand operators dequantize is in memory once.
    @Test func sharedWeights() throws {
        var w = PaddleModelWriter.quantized
        let step = w.steps[0]
        for _ in 0..<1000 {
            w.steps.insert(step, at: 0)
            w.steps[0].output.name = "other\(w.steps.count)"
        }
        w.outputs.append("other900")
        w.outputs.append("other901")
        guard case .quantized(let graph, _) = try PaddleImporter.read(w.file(w.programDesc), inputSize: nil) else { return }
        #expect(graph.values.count { $0.constant?.count == 6 } == 1)
    }
}
