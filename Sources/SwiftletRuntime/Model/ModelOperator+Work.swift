internal import CKernels

extension ModelOperator {
    /// Multiply-accumulates of a convolution for one picture, else 0.
    package var multiplyAccumulates: Int64 {
        kind.traits.work == .products ? operations.clamped : 0
    }

    /// What its run takes for one picture: a multiply-accumulate, an input value that a pool reads, or an output value of the others counts
    /// as one.
    package var operations: WideCount {
        let outputs = WideCount(shape.out_h) * WideCount(shape.out_w) * WideCount(shape.out_c)
        return switch kind.traits.work {
        case .products: outputs * shape.inputsPerOutput
        case .window: outputs * WideCount(shape.kernel_h) * WideCount(shape.kernel_w)
        case .map: outputs * WideCount(shape.in_h) * WideCount(shape.in_w)
        case .outputs: outputs
        }
    }
}
