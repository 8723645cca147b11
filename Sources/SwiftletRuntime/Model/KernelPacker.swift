import CKernels
import CPlatform

/// A kernel with its packed parameters, apart from the file's operators: the conversions at a session's edges.
struct PackedKernel {
    var shape: sk_shape
    let kernel: UnsafePointer<sk_kernel>
    let packed: UnsafeMutableRawPointer?

    func free() {
        sp_free(packed)
    }
}

/// Chooses a kernel for each operator and packs its parameters, once for all sessions. A packed form does not depend on the batch.
struct KernelPacker {
    private let tensors: [TensorDescription]
    private let isa: sk_isa

    init(tensors: [TensorDescription], isa: sk_isa) {
        self.tensors = tensors
        self.isa = isa
    }

    /// Chooses every operator's kernel and asks how much memory their packed parameters take and one picture's run does.
    /// - Throws: where that is beyond its ceiling, before anything is allocated.
    func choose(_ operators: inout [ModelOperator], input: Int, output: Int) throws(ModelError) {
        var packed = WideCount(0)
        for index in operators.indices where operators[index].kind != .concatenate {
            var shape = operators[index].shape
            operators[index].kernel = sk_select(sk_operator(UInt32(operators[index].kind.rawValue)), &shape, isa)
            packed = packed + WideCount(operators[index].kernel?.pointee.packed_bytes.map { $0(&shape) } ?? 0)
            guard packed <= Ceilings.packedBytes else {
                throw ModelError(
                    "operator \(index) (\(operators[index].name)): packed weights up to it take "
                        + Ceilings.exceeded(packed, "bytes", Ceilings.packedBytes))
            }
        }
        let plan = MemoryPlan(tensors: tensors, operators: operators, input: input, output: output, batch: 1, keepsTensors: false)
        _ = try SessionSizes(
            tensors: tensors, operators: operators, plan: plan, input: input, output: output, batch: 1, threads: 1, parts: 1,
            pictureOperators: 0,
            keepsTensors: false)
    }

    func pack(_ operation: inout ModelOperator) throws(ModelError) {
        guard operation.kind != .concatenate else { return }
        let inZero = zeros(operation.inputs[0])
        let secondZero = operation.inputs.count > 1 ? zeros(operation.inputs[1], channels: tensors[operation.output].channels) : []
        let outZero = zeros(operation.output)
        let output = tensors[operation.output]
        let isHardSwish = operation.activation == .hardSwish && !operation.kind.isFloat
        let factors = isHardSwish ? (0..<output.channels).map { output.hardSwishFactor($0) } : []
        var parameters = operation.parameters
        let result = inZero.withUnsafeBufferPointer { first in
            secondZero.withUnsafeBufferPointer { second in
                outZero.withUnsafeBufferPointer { out in
                    factors.withUnsafeBufferPointer { factors in
                        (parameters.in_zero, parameters.in2_zero) = (first.firstElement, second.firstElement)
                        (parameters.out_zero, parameters.out_factor) = (out.firstElement, factors.firstElement)
                        return select(operation.kind, operation.shape, &parameters)
                    }
                }
            }
        }
        guard let result else { throw ModelError("\(operation.name): no memory for its packed weights") }
        operation.kernel = result.kernel
        operation.packed = result.packed
    }

    /// float32 pictures to the int8 input tensor; nil when that is float.
    func packInput(_ tensor: TensorDescription, offsets: [Float]) throws(ModelError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        let c = tensor.channels
        let inverse = (0..<c).map { 1 / tensor.scale($0) }
        let offset = (0..<c).map { offsets.isEmpty ? Float(tensor.zeros[tensor.zeros.count == 1 ? 0 : $0]) : offsets[$0] }
        return try packConversion(.quantize, tensor, scale: inverse, offset: offset)
    }

    /// int8 logits to float32; nil when they are float already.
    func packOutput(_ tensor: TensorDescription) throws(ModelError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        return try packDequantize(tensor)
    }

    func packDequantize(_ tensor: TensorDescription) throws(ModelError) -> PackedKernel {
        let scale = (0..<tensor.channels).map { tensor.scale($0) }
        return try packConversion(.dequantize, tensor, scale: scale, offset: scale)
    }

    private func packConversion(
        _ kind: OperatorKind, _ tensor: TensorDescription, scale: [Float], offset: [Float]
    ) throws(ModelError) -> PackedKernel {
        let zero = expanded(tensor.zeros, channels: tensor.channels)
        let shape = conversionShape(tensor)
        let result = scale.withUnsafeBufferPointer { scale in
            offset.withUnsafeBufferPointer { offset in
                zero.withUnsafeBufferPointer { zero in
                    var parameters = sk_params()
                    (parameters.scale, parameters.offset) = (scale.firstElement, offset.firstElement)
                    (parameters.in_zero, parameters.out_zero) = (zero.firstElement, zero.firstElement)
                    return select(kind, shape, &parameters)
                }
            }
        }
        guard let result else { throw ModelError("\(tensor.name): no memory") }
        return result
    }

    private func conversionShape(_ tensor: TensorDescription) -> sk_shape {
        var shape = sk_shape()
        shape.batch = 1
        (shape.in_h, shape.in_w, shape.in_c) = (Int32(tensor.height), Int32(tensor.width), Int32(tensor.channels))
        (shape.out_h, shape.out_w, shape.out_c) = (shape.in_h, shape.in_w, shape.in_c)
        (shape.kernel_h, shape.kernel_w, shape.stride_h, shape.stride_w) = (1, 1, 1, 1)
        (shape.dilation_h, shape.dilation_w, shape.groups) = (1, 1, 1)
        return shape
    }

    private func select(_ kind: OperatorKind, _ shape: sk_shape, _ parameters: inout sk_params) -> PackedKernel? {
        var shape = shape
        guard let kernel = sk_select(sk_operator(UInt32(kind.rawValue)), &shape, isa) else { return nil }
        let size = WideCount(kernel.pointee.packed_bytes.map { $0(&shape) } ?? 0)
        guard let bytes = (size + Int(SK_SLACK)).within(.tooLarge), let packed = sp_allocate(bytes) else { return nil }
        kernel.pointee.pack?(&shape, &parameters, packed)
        return PackedKernel(shape: shape, kernel: kernel, packed: packed)
    }

    private func zeros(_ tensor: Int, channels: Int? = nil) -> [Int8] {
        expanded(tensors[tensor].zeros, channels: channels ?? tensors[tensor].channels)
    }

    private func expanded(_ values: [Int8], channels: Int) -> [Int8] {
        values.count == 1 ? [Int8](repeating: values[0], count: channels) : values
    }
}

extension UnsafeBufferPointer {
    /// The address for C of an array's elements, nil where there are none: an empty array of Swift's has an address too, and to kernels an
    /// address means one element for each channel.
    fileprivate var firstElement: UnsafePointer<Element>? { isEmpty ? nil : baseAddress }
}
