import CKernels
import CPlatform
import SwiftletRuntime

/// A shape with random parameters, inputs and room for the output, on which its kernels are run in turn.
final class KernelBenchCase {
    let problem: KernelBenchShape
    let shape: UnsafePointer<sk_shape>
    private var parameters = sk_params()
    private let input: UnsafeRawPointer
    private let second: UnsafeRawPointer?
    private let output: UnsafeMutableRawPointer
    /// Owns all of the above.
    private let memory: KernelBenchMemory

    init(_ problem: KernelBenchShape) throws(ToolError) {
        let memory = KernelBenchMemory(seed: 1)
        let s = problem.shape
        let kind = problem.kind
        let isFloat = kind.isFloat
        let shape = try memory.block(WideCount(MemoryLayout<sk_shape>.stride)).bindMemory(to: sk_shape.self, capacity: 1)
        shape.initialize(to: s)
        let inputs = WideCount(Int(s.batch)) * Int(s.in_h) * Int(s.in_w) * Int(s.in_c)
        let outputs = WideCount(Int(s.batch)) * Int(s.out_h) * Int(s.out_w) * Int(s.out_c)
        input = try KernelBenchCase.values(inputs, isFloat: isFloat || kind == .quantize, memory)
        let isPairwise = kind == .addInt8 || kind == .addFloat || kind == .multiplyInt8 || kind == .multiplyFloat
        if s.gate != 0 {
            second = try KernelBenchCase.values(WideCount(Int(s.batch)) * Int(s.in_c), isFloat: isFloat, memory)
        } else if s.residual != 0 || isPairwise {
            second = try KernelBenchCase.values(outputs, isFloat: isFloat, memory)
        } else {
            second = nil
        }
        output = try memory.block(outputs * (isFloat || kind == .dequantize ? ElementType.float32 : .int8).size)
        parameters = try isFloat ? KernelBenchCase.floatParameters(s, memory) : KernelBenchCase.int8Parameters(s, kind, memory)
        self.problem = problem
        self.shape = UnsafePointer(shape)
        self.memory = memory
    }

    private static func values(_ count: WideCount, isFloat: Bool, _ memory: KernelBenchMemory) throws(ToolError) -> UnsafeRawPointer {
        try isFloat ? UnsafeRawPointer(memory.normals(count, deviation: 1)) : UnsafeRawPointer(memory.int8s(count, -128...127))
    }

    private static func weights(_ s: sk_shape) -> WideCount {
        WideCount(Int(s.out_c)) * Int(s.kernel_h) * Int(s.kernel_w) * Int(s.in_c / s.groups)
    }

    /// In the ranges of a quantized network; a factor of zero or one that saturates everything would be no slower, but no one's case.
    private static func int8Parameters(_ s: sk_shape, _ kind: OperatorKind, _ memory: KernelBenchMemory) throws(ToolError) -> sk_params {
        let channels = WideCount(Int(s.out_c))
        var parameters = sk_params()
        if kind.isConvolution { parameters.weights = try memory.int8s(weights(s), -127...127) }
        parameters.bias = try memory.int32s(channels, -1000...1000)
        parameters.multiplier = try memory.factors(channels, around: 0.003)
        parameters.out_factor = try memory.factors(channels, around: 2)
        parameters.in_zero = try memory.int8s(WideCount(Int(s.in_c)), -128...127)
        parameters.in2_zero = try memory.int8s(channels, -128...127)
        parameters.in2_multiplier = try memory.factors(channels, around: 0.5)
        parameters.out_zero = try memory.int8s(channels, -128...127)
        let table = try memory.int8s((s.table_per_channel != 0 ? channels : WideCount(1)) * 256, -128...127)
        parameters.table = UnsafeRawPointer(table).assumingMemoryBound(to: UInt8.self)
        parameters.scale = try memory.factors(channels, around: kind == .quantize ? 30 : 0.02)
        parameters.offset = try memory.normals(channels, deviation: 1)
        return parameters
    }

    private static func floatParameters(_ s: sk_shape, _ memory: KernelBenchMemory) throws(ToolError) -> sk_params {
        var parameters = sk_params()
        let inner = WideCount(Int(s.kernel_h)) * Int(s.kernel_w) * Int(s.in_c / s.groups)
        parameters.weights_f32 = try memory.normals(weights(s), deviation: 1 / Float(inner.value).squareRoot())
        parameters.bias_f32 = try memory.normals(WideCount(Int(s.out_c)), deviation: 1)
        return parameters
    }

    /// `kernel` with its own packed parameters, ready to be timed.
    func run(of kernel: UnsafePointer<sk_kernel>) throws(ToolError) -> KernelBenchRun {
        var scratchSize = WideCount(0)
        if let size = kernel.pointee.scratch_bytes {
            scratchSize = WideCount(max(size(shape, 1), size(shape, KernelBenchRun.probeParts)))
        }
        let packed = try memory.block(WideCount(kernel.pointee.packed_bytes.map { $0(shape) } ?? 0))
        kernel.pointee.pack?(shape, &parameters, packed)
        let call = sk_call(
            shape: shape, packed: packed, in: input, in2: second, out: output, scratch: try memory.block(scratchSize))
        return KernelBenchRun(kernel, call, of: self)
    }
}
