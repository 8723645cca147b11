import CKernels
import Testing

@testable import SwiftletRuntime

struct OperatorTraitsTests {
    /// The kernels that this build holds.
    private var kernels: UnsafeBufferPointer<sk_kernel> {
        var count: Int32 = 0
        let kernels = sk_kernels(&count)
        return UnsafeBufferPointer(start: kernels, count: Int(count))
    }

    @Test func everyKernelBeginsWithItsOperatorsName() throws {
        for kernel in kernels {
            let kind = try #require(OperatorKind(rawValue: UInt8(kernel.op.rawValue)), "\(kernel.op.rawValue) is no operator of a file")
            let name = String(cString: kernel.name)
            #expect(name.hasPrefix("\(kind.name)_"), "\(name)")
        }
    }

    @Test func everyOperatorThatComputesHasAKernelThatTakesAll() {
        for kind in OperatorKind.allCases {
            let hasScalar = kernels.contains { $0.op == kind.kernelOperator && $0.isa == SK_SCALAR }
            #expect(hasScalar == kind.hasKernel, "\(kind.name)")
        }
        #expect(OperatorKind.concatenate.kernelOperator == SK_CONCATENATE)
        #expect(OperatorKind.resample.kernelOperator == SK_RESAMPLE)
    }

    @Test func namesAreDistinct() {
        #expect(Set(OperatorKind.allCases.map(\.name)).count == OperatorKind.allCases.count)
    }

    @Test func lengthsFollowTheShape() {
        var shape = sk_shape()
        (shape.in_c, shape.out_c, shape.groups, shape.kernel_h, shape.kernel_w) = (6, 10, 2, 3, 5)
        #expect(ParameterLength.weights.count(for: shape) == WideCount(10 * 3 * 5 * 3))
        #expect(ParameterLength.channels.count(for: shape) == WideCount(10))
        #expect(ParameterLength.channelsOfResidual.count(for: shape) == WideCount(0))
        #expect(ParameterLength.channelsOfAverage.count(for: shape) == WideCount(10))
        #expect(ParameterLength.tables.count(for: shape) == WideCount(256))
        (shape.residual, shape.pool_max, shape.table_per_channel) = (1, 1, 1)
        #expect(ParameterLength.channelsOfResidual.count(for: shape) == WideCount(10))
        #expect(ParameterLength.channelsOfAverage.count(for: shape) == WideCount(0))
        #expect(ParameterLength.tables.count(for: shape) == WideCount(2560))
    }

    @Test func lengthsThatDoNotFitAreTooLarge() {
        var shape = sk_shape()
        (shape.in_c, shape.out_c, shape.groups, shape.kernel_h, shape.kernel_w) = (.max, .max, 1, .max, .max)
        #expect(ParameterLength.weights.count(for: shape) == .tooLarge)
    }
}
