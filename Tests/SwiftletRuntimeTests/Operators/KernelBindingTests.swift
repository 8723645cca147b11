import CKernels
import Testing

@testable import SwiftletRuntime

struct KernelBindingTests {
    private func tensor(_ size: Int, channels: Int = 3, isFloat: Bool = false, zeros: [Int8] = [7]) -> TensorDescription {
        TensorDescription(
            name: "t", type: isFloat ? .float32 : .int8, height: size, width: size, channels: channels,
            scales: isFloat ? [] : zeros.map { _ in 0.5 }, zeros: isFloat ? [] : zeros)
    }

    private func shape(
        _ kind: OperatorKind, _ inputs: [TensorDescription], _ output: TensorDescription,
        _ change: (inout OperatorDescription) -> Void = { _ in }
    ) -> sk_shape {
        var operation = OperatorDescription(kind: kind, name: "o", inputs: Array(inputs.indices), output: inputs.count)
        change(&operation)
        return sk_shape(operation, tableEntries: operation.table.count, inputs: inputs, output: output)
    }

    private func withParameters<Result>(
        _ operation: OperatorDescription, _ inputs: [TensorDescription], _ output: TensorDescription, _ body: (sk_params) -> Result
    ) -> Result {
        operation.withArrays { arrays in
            let shape = sk_shape(operation, tableEntries: arrays.table.count, inputs: inputs, output: output)
            return KernelBinding(operation.kind, shape, arrays, inputs: inputs, output: output).withParameters { body($0.pointee) }
        }
    }

    /// An empty array of Swift's has an address; a kernel that asks whether there are factors would read there.
    @Test func whatAnOperatorDoesNotHaveIsNull() {
        var pool = OperatorDescription(kind: .poolInt8, name: "pool", inputs: [0], output: 1)
        pool.multiplier = [1, 2, 3]
        withParameters(pool, [tensor(4)], tensor(4)) { parameters in
            #expect(parameters.multiplier?[1] == 2)
            #expect(parameters.in_zero?[2] == 7)
            #expect(parameters.out_zero?[2] == 7)
            #expect(parameters.out_factor == nil)
            #expect(parameters.bias == nil)
            #expect(parameters.weights == nil)
            #expect(parameters.in2_zero == nil)
            #expect(parameters.in2_multiplier == nil)
            #expect(parameters.table == nil)
            #expect(parameters.scale == nil)
            #expect(parameters.offset == nil)
            #expect(parameters.weights_f32 == nil)
            #expect(parameters.bias_f32 == nil)
        }
    }

    @Test func inSinglePrecisionThereAreNoZeroPoints() {
        var convolution = OperatorDescription(kind: .convolutionFloat, name: "conv", inputs: [0, 1], output: 2)
        convolution.activation = .hardSwish
        convolution.floatWeights = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        convolution.floatBias = [1, 2, 3]
        let map = tensor(4, isFloat: true)
        withParameters(convolution, [map, map], map) { parameters in
            #expect(parameters.weights_f32?[8] == 9)
            #expect(parameters.bias_f32?[2] == 3)
            #expect(parameters.in_zero == nil)
            #expect(parameters.in2_zero == nil)
            #expect(parameters.out_zero == nil)
            #expect(parameters.out_factor == nil)
            #expect(parameters.multiplier == nil)
        }
    }

    @Test func hardSwishTakesItsFactorFromTheOutputsGrid() {
        var convolution = OperatorDescription(kind: .convolutionInt8, name: "conv", inputs: [0], output: 1)
        convolution.activation = .hardSwish
        convolution.multiplier = [1, 1, 1]
        withParameters(convolution, [tensor(4)], tensor(4, zeros: [1, 2, 3])) { parameters in
            #expect(parameters.out_factor?[2] == 1 / (6 * 0.5))
            #expect(parameters.out_zero?[1] == 2)
            #expect(parameters.in_zero?[1] == 7)
        }
    }

    @Test func conversionsHaveScalesAndOffsetsInPlaceOfMultipliers() {
        let (float, int8) = (tensor(4, isFloat: true), tensor(4))
        withParameters(.quantization("q", to: int8, offsets: [], from: 0, to: 1), [float], int8) { parameters in
            #expect(parameters.scale?[2] == 2)
            #expect(parameters.offset?[2] == 7)
            #expect(parameters.multiplier == nil)
        }
        withParameters(.quantization("q", to: int8, offsets: [1.5, 2.5, 3.5], from: 0, to: 1), [float], int8) { parameters in
            #expect(parameters.offset?[2] == 3.5)
        }
        withParameters(.dequantization("d", of: int8, from: 0, to: 1), [int8], float) { parameters in
            #expect(parameters.scale?[2] == 0.5)
            #expect(parameters.in_zero?[2] == 7)
            #expect(parameters.offset == nil)
            #expect(parameters.multiplier == nil)
        }
    }

    @Test func aVectorBesideAMapIsAGateWhereTheOperatorTakesOne() {
        #expect(shape(.multiplyInt8, [tensor(4), tensor(1)], tensor(4)).gate == 1)
        #expect(shape(.addFloat, [tensor(4, isFloat: true), tensor(1, isFloat: true)], tensor(4, isFloat: true)).gate == 1)
        #expect(shape(.multiplyInt8, [tensor(4), tensor(4)], tensor(4)).gate == 0)
        #expect(shape(.multiplyInt8, [tensor(1), tensor(1)], tensor(1)).gate == 0)
        #expect(shape(.addInt8, [tensor(4), tensor(1)], tensor(4)).gate == 0)
        #expect(shape(.concatenate, [tensor(4), tensor(1)], tensor(4)).gate == 0)
    }

    @Test func aConvolutionsSecondInputIsItsResidual() {
        #expect(shape(.convolutionInt8, [tensor(4)], tensor(4)).residual == 0)
        #expect(shape(.convolutionInt8, [tensor(4), tensor(4)], tensor(4)).residual == 1)
        #expect(shape(.addInt8, [tensor(4), tensor(4)], tensor(4)).residual == 0)
    }

    @Test func aTableOfMoreThan256EntriesIsAChannelsEach() {
        #expect(shape(.tableInt8, [tensor(4)], tensor(4)) { $0.table = .init(repeating: 0, count: 256) }.table_per_channel == 0)
        #expect(shape(.tableInt8, [tensor(4)], tensor(4)) { $0.table = .init(repeating: 0, count: 768) }.table_per_channel == 1)
    }
}
