import CKernels
import SwiftletRuntime

/// An operator with its shape for one picture: all that a kernel's time depends on.
struct KernelBenchShape {
    let kind: OperatorKind
    let shape: sk_shape
    /// 0 for operators other than convolutions.
    let multiplyAccumulates: Int64

    var operation: sk_operator { kind.kernelOperator }

    /// Those of a model's operators that have kernels, and the conversions at its edges.
    static func all(of model: Model) -> [KernelBenchShape] {
        var shapes: [KernelBenchShape] = []
        if model.inputTensor.type == .int8 { shapes.append(conversion(.quantize, model.inputTensor)) }
        for operation in model.operators where operation.kind.hasKernel {
            shapes.append(
                KernelBenchShape(kind: operation.kind, shape: operation.shape, multiplyAccumulates: operation.multiplyAccumulates))
        }
        let output = model.tensors[model.output]
        if output.type == .int8 { shapes.append(conversion(.dequantize, output)) }
        return shapes
    }

    /// - Parameter tensor: the int8 one.
    private static func conversion(_ kind: OperatorKind, _ tensor: TensorDescription) -> KernelBenchShape {
        let operation = OperatorDescription(kind: kind, name: tensor.name, inputs: [0], output: 1)
        return KernelBenchShape(
            kind: kind, shape: sk_shape(operation, tableEntries: 0, inputs: [tensor], output: tensor), multiplyAccumulates: 0)
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
        if kind.hasWindow {
            text += " k\(KernelBenchShape.pair(s.kernel_h, s.kernel_w)) s\(KernelBenchShape.pair(s.stride_h, s.stride_w))"
        }
        if s.dilation_h > 1 || s.dilation_w > 1 { text += " d\(KernelBenchShape.pair(s.dilation_h, s.dilation_w))" }
        if s.groups > 1, !kind.isDepthwise { text += " g\(s.groups)" }
        if let activation = LoweredActivation(rawValue: UInt8(truncatingIfNeeded: s.activation)), activation != .linear {
            text += " " + activation.name
        }
        if s.residual != 0 { text += " residual" }
        if s.gate != 0 { text += " gate" }
        if kind.isPool { text += s.pool_max != 0 ? " max" : " average" }
        return text
    }

    private static func pair(_ height: Int32, _ width: Int32) -> String {
        height == width ? "\(height)" : "\(height)x\(width)"
    }
}
