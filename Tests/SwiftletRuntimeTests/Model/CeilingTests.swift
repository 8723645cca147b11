import Testing

@testable import SwiftletRuntime

/// What a model may ask for, and that nothing is allocated for one that asks for more.
@Suite struct CeilingTests {
    /// A line of 8,192 pixels of 8,192 channels, of which two lines with a dilation of 1,023 between them are staged: no more than 64 MiB
    /// of activations.
    private func wide() -> ModelBuilder {
        var builder = ModelBuilder(name: "wide")
        builder.input = builder.add(OneOperator.int8("input", 1, 8192, 8192))
        let wide = builder.add(OneOperator.int8("wide", 1, 8192, 1))
        builder.output = builder.add(OneOperator.int8("output", 1, 1, 1))
        var operation = OperatorDescription(kind: .convolutionInt8, name: "staged", inputs: [builder.input], output: wide)
        operation.window.kernelHeight = 2
        operation.window.dilationHeight = 1023
        (operation.window.padTop, operation.window.padBottom) = (0, 1023)
        operation.weights = [Int8](repeating: 1, count: 2 * 8192)
        (operation.bias, operation.multiplier) = ([0], [0.001])
        builder.add(operation)
        var mean = OperatorDescription(kind: .globalPoolInt8, name: "mean", inputs: [wide], output: builder.output)
        (mean.bias, mean.multiplier) = ([0], [1e-6])
        builder.add(mean)
        return OneOperator.finished(builder)
    }

    @Test func workingMemory() {
        let message = OneOperator.error(wide())?.message ?? "nothing"
        #expect(message.contains("operator 0 (staged): working memory") && message.contains("at most"), "\(message)")
    }

    @Test func activationsOfABatch() throws {
        let model = try Model(bytes: OneOperator.maxPool(side: 1024, kernel: 2).finish())  // 2 MiB a picture
        #expect(throws: SwiftletError.self) { try Session(model, batch: 1024) }
        #expect(throws: SwiftletError.self) { try Session(model, batch: 5000) }
        #expect(throws: SwiftletError.self) { try Session(model, batch: .max) }
        #expect(throws: SwiftletError.self) { try Session(model, threads: .max, allowsOversubscription: true) }
    }

    /// 10^12 operations and no more, unless asked to; pools count.
    @Test func work() throws {
        let bomb = OneOperator.maxPool(side: 2000, kernel: 1000)
        let error = try #require(OneOperator.error(bomb))
        #expect(error.kind == .tooMuchWork)
        #expect(error.message.contains("1002002002001 operations"), "\(error.message)")
        #expect(OneOperator.error(bomb, allowsLarge: true) == nil)
        #expect(try #require(OneOperator.error(wide(), allowsLarge: true)).kind == .badFile)  // memory is never lifted
    }

    @Test func everyOperatorHasWork() throws {
        let model = try Model(bytes: OneOperator.maxPool(side: 9, kernel: 3).finish())
        #expect(model.operators.map(\.operations.value) == [7 * 7 * 9, 49])
        #expect(model.operators.map(\.multiplyAccumulates) == [0, 0])
        #expect(model.operations.value == 490)
        let convolution = try Model(bytes: OneOperator.convolution(height: 3, width: 2).finish())
        #expect(convolution.multiplyAccumulates == 3 * 2 * 4 * 2)
        #expect(convolution.operations.value == 3 * 2 * 4 * 2)
    }

    @Test func numberOfTensors() {
        var builder = OneOperator.convolution()
        for index in 0..<Ceilings.tensors { _ = builder.add(OneOperator.int8("\(index)", 1, 1, 1)) }
        #expect(OneOperator.error(builder)?.message.contains("tensor count") == true)
    }
}
