internal import CKernels

/// A kernel and the memory for its packed parameters, which an `OwnedMemory` keeps.
struct PackedKernel {
    var shape: sk_shape
    let kernel: UnsafePointer<sk_kernel>
    let packed: UnsafeMutableRawPointer

    fileprivate func pack(_ binding: KernelBinding) {
        var shape = shape
        binding.withParameters { kernel.pointee.pack?(&shape, $0, packed) }
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
    func choose(_ operators: inout [ModelOperator], input: Int, outputs: [Int]) throws(SwiftletError) {
        var packed = WideCount(0)
        for index in operators.indices where operators[index].kind.hasKernel {
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
        let plan = MemoryPlan(tensors: tensors, operators: operators, input: input, outputs: outputs, batch: 1, keepsTensors: false)
        _ = try SessionSizes(
            tensors: tensors, operators: operators, plan: plan, input: input, outputs: outputs, batch: 1, threads: 1, parts: 1,
            pictureOperators: 0, keepsTensors: false)
    }

    /// Packs an operator's parameters into memory of the model's.
    func pack(_ operation: inout ModelOperator, in memory: inout OwnedMemory) throws(SwiftletError) {
        guard operation.kind.hasKernel else { return }
        let binding = KernelBinding(
            operation.kind, operation.shape, operation.arrays, inputs: operation.inputs.map { tensors[$0] },
            output: tensors[operation.output])
        let result = try prepare(operation.kind, operation.shape, operation.name, &memory)
        result.pack(binding)
        operation.kernel = result.kernel
        operation.packed = result.packed
    }

    /// float32 pictures to the int8 input tensor; nil when that is float.
    func packInput(
        _ tensor: TensorDescription, offsets: [Float], in memory: inout OwnedMemory
    ) throws(SwiftletError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        let conversion = OperatorDescription.quantization(tensor.name, to: tensor, offsets: offsets, from: 0, to: 1)
        return try pack(conversion, from: tensor.inFloat, to: tensor, &memory)
    }

    /// An int8 output to float32; nil when it is float already.
    func packOutput(_ tensor: TensorDescription, in memory: inout OwnedMemory) throws(SwiftletError) -> PackedKernel? {
        guard tensor.type == .int8 else { return nil }
        return try packDequantize(tensor, in: &memory)
    }

    func packDequantize(_ tensor: TensorDescription, in memory: inout OwnedMemory) throws(SwiftletError) -> PackedKernel {
        try pack(.dequantization(tensor.name, of: tensor, from: 0, to: 1), from: tensor, to: tensor.inFloat, &memory)
    }

    private func pack(
        _ conversion: OperatorDescription, from input: TensorDescription, to output: TensorDescription, _ memory: inout OwnedMemory
    ) throws(SwiftletError) -> PackedKernel {
        let shape = sk_shape(conversion, tableEntries: 0, inputs: [input], output: output)
        let result = try prepare(conversion.kind, shape, conversion.name, &memory)
        conversion.withArrays { result.pack(KernelBinding(conversion.kind, shape, $0, inputs: [input], output: output)) }
        return result
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
        guard let kernel = sk_select(kind.kernelOperator, &shape, isa) else {
            throw .unsupported("\(name): no kernel for \(InstructionSet(isa)) computes it")
        }
        return kernel
    }

    private static func packedBytes(_ kernel: UnsafePointer<sk_kernel>, _ shape: inout sk_shape) -> WideCount {
        WideCount(kernel.pointee.packed_bytes.map { $0(&shape) } ?? 0)
    }
}
