internal import CKernels

/// A kernel and the memory for its packed parameters, which an `OwnedMemory` keeps.
struct PackedKernel {
    var shape: sk_shape
    let kernel: UnsafePointer<sk_kernel>
    let packed: UnsafeMutableRawPointer

    fileprivate func pack(_ parameters: inout sk_params) {
        var shape = shape
        kernel.pointee.pack?(&shape, &parameters, packed)
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
    func choose(_ operators: inout [ModelOperator], input: Int, output: Int) throws(SwiftletError) {
        var packed = WideCount(0)
        for index in operators.indices where operators[index].kind != .concatenate {
            var shape = operators[index].shape
            let kernel = try kernel(operators[index].kind, &shape, operators[index].name)
            operators[index].kernel = kernel
            packed = packed + KernelPacker.packedBytes(kernel, &shape)
            guard packed <= Ceilings.packedBytes else {
                throw .badFile(
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

    /// Packs an operator's parameters into memory of the model's.
    func pack(_ operation: inout ModelOperator, in memory: inout OwnedMemory) throws(SwiftletError) {
        guard operation.kind != .concatenate else { return }
        let result = try prepare(operation.kind, operation.shape, operation.name, &memory)
        let inZero = zeros(operation.inputs[0])
        let secondZero = operation.inputs.count > 1 ? zeros(operation.inputs[1], channels: tensors[operation.output].channels) : []
        let outZero = zeros(operation.output)
        let output = tensors[operation.output]
        let isHardSwish = operation.activation == .hardSwish && !operation.kind.isFloat
        let factors = isHardSwish ? (0..<output.channels).map { output.hardSwishFactor($0) } : []
        var parameters = operation.parameters
        inZero.withUnsafeBufferPointer { first in
            secondZero.withUnsafeBufferPointer { second in
                outZero.withUnsafeBufferPointer { out in
                    factors.withUnsafeBufferPointer { factors in
                        (parameters.in_zero, parameters.in2_zero) = (first.baseAddress, second.baseAddress)
                        (parameters.out_zero, parameters.out_factor) = (out.baseAddress, factors.baseAddress)
                        result.pack(&parameters)
                    }
                }
            }
        }
        operation.kernel = result.kernel
        operation.packed = result.packed
    }

    /// float32 pictures to the int8 input tensor; nil when that is float.
    func packInput(
        _ tensor: TensorDescription, offsets: [Float], in memory: inout OwnedMemory
    ) throws(SwiftletError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        let c = tensor.channels
        let inverse = (0..<c).map { 1 / tensor.scale($0) }
        let offset = (0..<c).map { offsets.isEmpty ? Float(tensor.zeros[tensor.zeros.count == 1 ? 0 : $0]) : offsets[$0] }
        return try packConversion(.quantize, tensor, scale: inverse, offset: offset, &memory)
    }

    /// int8 logits to float32; nil when they are float already.
    func packOutput(_ tensor: TensorDescription, in memory: inout OwnedMemory) throws(SwiftletError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        return try packDequantize(tensor, in: &memory)
    }

    func packDequantize(_ tensor: TensorDescription, in memory: inout OwnedMemory) throws(SwiftletError) -> PackedKernel {
        let scale = (0..<tensor.channels).map { tensor.scale($0) }
        return try packConversion(.dequantize, tensor, scale: scale, offset: scale, &memory)
    }

    private func packConversion(
        _ kind: OperatorKind, _ tensor: TensorDescription, scale: [Float], offset: [Float], _ memory: inout OwnedMemory
    ) throws(SwiftletError) -> PackedKernel {
        let zero = expanded(tensor.zeros, channels: tensor.channels)
        let result = try prepare(kind, conversionShape(tensor), tensor.name, &memory)
        scale.withUnsafeBufferPointer { scale in
            offset.withUnsafeBufferPointer { offset in
                zero.withUnsafeBufferPointer { zero in
                    var parameters = sk_params()
                    (parameters.scale, parameters.offset) = (scale.baseAddress, offset.baseAddress)
                    (parameters.in_zero, parameters.out_zero) = (zero.baseAddress, zero.baseAddress)
                    result.pack(&parameters)
                }
            }
        }
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

    /// The kernel for an operator, and memory for what it packs.
    private func prepare(
        _ kind: OperatorKind, _ shape: sk_shape, _ name: String, _ memory: inout OwnedMemory
    ) throws(SwiftletError) -> PackedKernel {
        var shape = shape
        let kernel = try kernel(kind, &shape, name)
        let size = KernelPacker.packedBytes(kernel, &shape) + Int(SK_SLACK)
        // No more than an address holds, as `choose` has found out.
        let packed = try memory.allocate(size.within(.tooLarge)!, for: "packed weights")
        return PackedKernel(shape: shape, kernel: kernel, packed: packed)
    }

    private func kernel(_ kind: OperatorKind, _ shape: inout sk_shape, _ name: String) throws(SwiftletError) -> UnsafePointer<sk_kernel> {
        guard let kernel = sk_select(sk_operator(UInt32(kind.rawValue)), &shape, isa) else {
            throw .unsupported("\(name): no kernel for \(InstructionSet(isa)) computes it")
        }
        return kernel
    }

    private static func packedBytes(_ kernel: UnsafePointer<sk_kernel>, _ shape: inout sk_shape) -> WideCount {
        WideCount(kernel.pointee.packed_bytes.map { $0(&shape) } ?? 0)
    }

    private func zeros(_ tensor: Int, channels: Int? = nil) -> [Int8] {
        expanded(tensors[tensor].zeros, channels: channels ?? tensors[tensor].channels)
    }

    private func expanded(_ values: [Int8], channels: Int) -> [Int8] {
        values.count == 1 ? [Int8](repeating: values[0], count: channels) : values
    }
}
