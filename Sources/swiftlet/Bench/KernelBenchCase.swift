import CKernels
import CPlatform
import SwiftletRuntime

/// A shape with random parameters, inputs and room for the output, on which its kernels are run in turn.
final class KernelBenchCase {
    let problem: KernelBenchShape
    let shape: UnsafePointer<sk_shape>
    private let binding: KernelBinding
    private let input: UnsafeRawPointer
    private let second: UnsafeRawPointer?
    private let output: UnsafeMutableRawPointer
    /// Owns all of the above.
    private let memory: KernelBenchMemory

    init(_ problem: KernelBenchShape) throws(ToolError) {
        let memory = KernelBenchMemory(seed: 1)
        let (s, traits) = (problem.shape, problem.kind.traits)
        let shape = try memory.block(WideCount(MemoryLayout<sk_shape>.stride)).bindMemory(to: sk_shape.self, capacity: 1)
        shape.initialize(to: s)
        let inputs = WideCount(Int(s.batch)) * Int(s.in_h) * Int(s.in_w) * Int(s.in_c)
        let outputs = WideCount(Int(s.batch)) * Int(s.out_h) * Int(s.out_w) * Int(s.out_c)
        input = try KernelBenchCase.values(inputs, isFloat: traits.from == .float32, memory)
        if s.gate != 0 {
            second = try KernelBenchCase.values(WideCount(Int(s.batch)) * Int(s.in_c), isFloat: traits.from == .float32, memory)
        } else if s.residual != 0 || problem.kind.isPairwise {
            second = try KernelBenchCase.values(outputs, isFloat: traits.from == .float32, memory)
        } else {
            second = nil
        }
        output = try memory.block(outputs * (traits.to ?? .float32).size)
        binding = try KernelBenchCase.binding(problem, memory)
        self.problem = problem
        self.shape = UnsafePointer(shape)
        self.memory = memory
    }

    private static func values(_ count: WideCount, isFloat: Bool, _ memory: KernelBenchMemory) throws(ToolError) -> UnsafeRawPointer {
        try isFloat
            ? UnsafeRawPointer(memory.normals(count, deviation: 1).baseAddress!)
            : UnsafeRawPointer(memory.int8s(count, -128...127).baseAddress!)
    }

    /// In the ranges of a quantized network; a factor of zero or one that saturates everything would be no slower, but no one's case.
    private static func binding(_ problem: KernelBenchShape, _ memory: KernelBenchMemory) throws(ToolError) -> KernelBinding {
        let (s, kind, lengths) = (problem.shape, problem.kind, problem.kind.traits.lengths)
        var arrays = OperatorArrays()
        arrays.weights = try memory.int8s(lengths.weights.count(for: s), -127...127)
        arrays.bias = try memory.int32s(lengths.bias.count(for: s), -1000...1000)
        let typical: Float = kind == .quantize ? 30 : kind == .dequantize ? 0.02 : 0.003
        arrays.multiplier = try memory.factors(lengths.multiplier.count(for: s), around: typical)
        arrays.offsets = try memory.normals(lengths.offsets.count(for: s), deviation: 1)
        arrays.secondMultiplier = try memory.factors(lengths.secondMultiplier.count(for: s), around: 0.5)
        arrays.table = UnsafeRawBufferPointer(try memory.int8s(lengths.table.count(for: s), -128...127)).bindMemory(to: UInt8.self)
        let summed = Float(s.kernel_h * s.kernel_w * (s.in_c / s.groups))
        arrays.floatWeights = try memory.normals(lengths.floatWeights.count(for: s), deviation: 1 / summed.squareRoot())
        arrays.floatBias = try memory.normals(lengths.floatBias.count(for: s), deviation: 1)

        let input = try tensor(kind.traits.from, channels: Int(s.in_c), memory)
        let output = try tensor(kind.traits.to, channels: Int(s.out_c), memory)
        let hasSecond = s.residual != 0 || kind.isPairwise
        let second = hasSecond ? [try tensor(kind.traits.from, channels: Int(s.out_c), memory)] : []
        return KernelBinding(kind, s, arrays, inputs: [input] + second, output: output)
    }

    /// A grid a channel, on which hard-swish multiplies by about 2 at its end.
    private static func tensor(_ type: ElementType?, channels: Int, _ memory: KernelBenchMemory) throws(ToolError) -> TensorDescription {
        var tensor = TensorDescription(name: "", type: type ?? .float32, height: 1, width: 1, channels: channels)
        guard tensor.type == .int8 else { return tensor }
        tensor.scales = Array(try memory.factors(WideCount(channels), around: 1.0 / 12))
        tensor.zeros = Array(try memory.int8s(WideCount(channels), -128...127))
        return tensor
    }

    /// `kernel` with its own packed parameters, ready to be timed.
    func run(of kernel: UnsafePointer<sk_kernel>) throws(ToolError) -> KernelBenchRun {
        var scratchSize = WideCount(0)
        if let size = kernel.pointee.scratch_bytes {
            scratchSize = WideCount(max(size(shape, 1), size(shape, KernelBenchRun.probeParts)))
        }
        let packed = try memory.block(WideCount(kernel.pointee.packed_bytes.map { $0(shape) } ?? 0))
        binding.withParameters { kernel.pointee.pack?(shape, $0, packed) }
        let call = sk_call(
            shape: shape, packed: packed, in: input, in2: second, out: output, scratch: try memory.block(scratchSize),
            channel_begin: 0, channel_end: 0)
        return KernelBenchRun(kernel, call, of: self)
    }
}
