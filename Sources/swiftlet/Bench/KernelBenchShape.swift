import CKernels
import SwiftletRuntime

/// An operator with its shape for one picture: all that a kernel's time depends on.
struct KernelBenchShape {
    let kind: OperatorKind
    let shape: sk_shape
    /// 0 for operators other than convolutions.
    let multiplyAccumulates: Int64

    var operation: sk_operator { sk_operator(UInt32(kind.rawValue)) }

    /// Those of a model's operators that have kernels, and the conversions at its edges.
    static func all(of model: Model) -> [KernelBenchShape] {
        var shapes: [KernelBenchShape] = []
        if model.inputTensor.type == .int8 { shapes.append(conversion(.quantize, model.inputTensor)) }
        for operation in model.operators where operation.kind != .concatenate {
            shapes.append(
                KernelBenchShape(kind: operation.kind, shape: operation.shape, multiplyAccumulates: operation.multiplyAccumulates))
        }
        let output = model.tensors[model.output]
        if output.type == .int8 { shapes.append(conversion(.dequantize, output)) }
        return shapes
    }

    private static func conversion(_ kind: OperatorKind, _ tensor: TensorDescription) -> KernelBenchShape {
        var shape = sk_shape()
        (shape.batch, shape.groups) = (1, 1)
        (shape.in_h, shape.in_w, shape.in_c) = (Int32(tensor.height), Int32(tensor.width), Int32(tensor.channels))
        (shape.out_h, shape.out_w, shape.out_c) = (shape.in_h, shape.in_w, shape.in_c)
        (shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w) = (1, 1, 1, 1)
        (shape.dilation_h, shape.dilation_w) = (1, 1)
        return KernelBenchShape(kind: kind, shape: shape, multiplyAccumulates: 0)
    }

    /// `sk_shape` is 32-bit fields without padding, so equal bytes are equal shapes.
    func isSame(as other: KernelBenchShape) -> Bool {
        kind == other.kind
            && withUnsafeBytes(of: shape) { bytes in withUnsafeBytes(of: other.shape) { bytes.elementsEqual($0) } }
    }

    /// Such as `56x56 24>72 k1 s1 hard-swish`: map and channels, then what applies.
    var text: String {
        let s = shape
        var text = "\(s.in_h)x\(s.in_w) \(s.in_c)"
        if s.out_c != s.in_c || kind.isConvolution { text += ">\(s.out_c)" }
        if kind.isConvolution || kind == .poolInt8 || kind == .poolFloat {
            text += " k\(KernelBenchShape.pair(s.kernel_h, s.kernel_w)) s\(KernelBenchShape.pair(s.stride_h, s.stride_w))"
        }
        if s.dilation_h > 1 || s.dilation_w > 1 { text += " d\(KernelBenchShape.pair(s.dilation_h, s.dilation_w))" }
        if s.groups > 1, kind == .convolutionInt8 || kind == .convolutionFloat { text += " g\(s.groups)" }
        if let activation = LoweredActivation(rawValue: UInt8(truncatingIfNeeded: s.activation)), activation != .linear {
            text += " " + activation.label
        }
        if s.residual != 0 { text += " residual" }
        if s.gate != 0 { text += " gate" }
        if kind == .poolInt8 || kind == .poolFloat { text += s.pool_max != 0 ? " max" : " average" }
        return text
    }

    private static func pair(_ height: Int32, _ width: Int32) -> String {
        height == width ? "\(height)" : "\(height)x\(width)"
    }
}
