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
        for index in operators.indices where operators[index].kind.hasKernel {
            var shape = operators[index].shape
            operators[index].kernel = sk_select(operators[index].kind.kernelOperator, &shape, isa)
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
        guard operation.kind.hasKernel else { return }
        let binding = KernelBinding(
            operation.kind, operation.shape, operation.arrays, inputs: operation.inputs.map { tensors[$0] },
            output: tensors[operation.output])
        guard let result = pack(binding) else { throw ModelError("\(operation.name): no memory for its packed weights") }
        operation.kernel = result.kernel
        operation.packed = result.packed
    }

    /// float32 pictures to the int8 input tensor; nil when that is float.
    func packInput(_ tensor: TensorDescription, offsets: [Float]) throws(ModelError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        return try pack(.quantization(tensor.name, to: tensor, offsets: offsets, from: 0, to: 1), from: tensor.inFloat, to: tensor)
    }

    /// int8 logits to float32; nil when they are float already.
    func packOutput(_ tensor: TensorDescription) throws(ModelError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        return try packDequantize(tensor)
    }

    func packDequantize(_ tensor: TensorDescription) throws(ModelError) -> PackedKernel {
        try pack(.dequantization(tensor.name, of: tensor, from: 0, to: 1), from: tensor, to: tensor.inFloat)
    }

    private func pack(
        _ conversion: OperatorDescription, from input: TensorDescription, to output: TensorDescription
    ) throws(ModelError) -> PackedKernel {
        let shape = sk_shape(conversion, tableEntries: 0, inputs: [input], output: output)
        let result = conversion.withArrays { pack(KernelBinding(conversion.kind, shape, $0, inputs: [input], output: output)) }
        guard let result else { throw ModelError("\(conversion.name): no memory") }
        return result
    }

    private func pack(_ binding: KernelBinding) -> PackedKernel? {
        var shape = binding.shape
        guard let kernel = sk_select(binding.kind.kernelOperator, &shape, isa) else { return nil }
        let size = WideCount(kernel.pointee.packed_bytes.map { $0(&shape) } ?? 0)
        guard let bytes = (size + Int(SK_SLACK)).within(.tooLarge), let packed = sp_allocate(bytes) else { return nil }
        binding.withParameters { kernel.pointee.pack?(&shape, $0, packed) }
        return PackedKernel(shape: shape, kernel: kernel, packed: packed)
    }
}
