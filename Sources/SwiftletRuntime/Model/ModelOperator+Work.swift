internal import CKernels

extension ModelOperator {
    /// Multiply-accumulates of a convolution for one picture, else 0.
    package var multiplyAccumulates: Int64 {
        kind.isConvolution ? operations.clamped : 0
    }

    /// What its run takes for one picture: a multiply-accumulate, an input value that a pool reads, or an output value of the others counts
    /// as one.
    package var operations: WideCount {
        let outputs = WideCount(shape.out_h) * WideCount(shape.out_w) * WideCount(shape.out_c)
        switch kind {
        case .convolutionInt8, .depthwiseInt8, .convolutionFloat, .depthwiseFloat:
            return outputs * WideCount(shape.kernel_h) * WideCount(shape.kernel_w) * WideCount(shape.in_c / shape.groups)
        case .poolInt8, .poolFloat:
            return outputs * WideCount(shape.kernel_h) * WideCount(shape.kernel_w)
        case .globalPoolInt8, .globalPoolFloat:
            return outputs * WideCount(shape.in_h) * WideCount(shape.in_w)
        case .multiplyInt8, .addInt8, .tableInt8, .quantize, .dequantize, .concatenate, .multiplyFloat, .addFloat, .activationFloat:
            return outputs
        }
    }
}
