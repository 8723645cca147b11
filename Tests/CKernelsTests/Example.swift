import CKernels
import CKernelsSelftest

/// One call of an operator's scalar kernel, in canonical values, on a single picture. Parameters left empty are zeros (multipliers: ones).
struct Example {
    var shape = sk_shape()
    var input: [Int] = []
    var floats: [Float] = []
    var second: [Int] = []
    /// The second input of a float operator.
    var secondFloats: [Float] = []
    var weights: [Int] = []
    var bias: [Int32] = []
    var multiplier: [Float] = []
    var outFactor: [Float] = []
    var inZero: [Int] = []
    var secondZero: [Int] = []
    var secondMultiplier: [Float] = []
    var outZero: [Int] = []
    var table: [UInt8] = []
    var scale: [Float] = []
    var offset: [Float] = []
    var floatWeights: [Float] = []
    var floatBias: [Float] = []
    private let kernel: sk_kernel

    init(_ op: sk_operator, height: Int32, width: Int32, channels: Int32, outputs: Int32) {
        kernel = sk_reference(op)!.pointee
        shape.batch = 1
        shape.in_h = height
        shape.in_w = width
        shape.in_c = channels
        shape.out_h = height
        shape.out_w = width
        shape.out_c = outputs
        shape.kernel_h = 1
        shape.kernel_w = 1
        shape.stride_h = 1
        shape.stride_w = 1
        shape.dilation_h = 1
        shape.dilation_w = 1
        shape.groups = 1
    }

    func run() -> [Int] {
        let out = compute(byteCount: outputCount)
        defer { out.deallocate() }
        return out.prefix(outputCount).map { Int(sk_act(truncatingIfNeeded: Int($0))) - offsetInMemory }
    }

    func runToFloats() -> [Float] {
        let out = compute(byteCount: 4 * outputCount)
        defer { out.deallocate() }
        return Array(UnsafeRawBufferPointer(out).bindMemory(to: Float.self).prefix(outputCount))
    }

    private var outputCount: Int { Int(shape.out_h * shape.out_w * shape.out_c) }
    private var offsetInMemory: Int { Int(SK_ACT_OFFSET) }

    private func compute(byteCount: Int) -> UnsafeMutableRawBufferPointer {
        var allocations: [UnsafeMutableRawBufferPointer] = []
        defer { for block in allocations { block.deallocate() } }
        func block(_ size: Int) -> UnsafeMutableRawBufferPointer {
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size + Int(SK_SLACK), alignment: Int(SK_ALIGNMENT))
            memory.initializeMemory(as: UInt8.self, repeating: 0x5a)
            return memory
        }
        func stored<T>(_ values: [T]) -> UnsafeMutableRawPointer? {
            let memory = block(values.count * MemoryLayout<T>.stride)
            values.withUnsafeBytes { memory.copyMemory(from: $0) }
            allocations.append(memory)
            return memory.baseAddress
        }
        func bytes(_ values: [Int], or count: Int32) -> UnsafePointer<Int8>? {
            let all = values.isEmpty ? Array(repeating: 0, count: Int(count)) : values
            return UnsafePointer(stored(all.map { Int8($0) })!.assumingMemoryBound(to: Int8.self))
        }
        func reals(_ values: [Float], or count: Int32) -> UnsafePointer<Float>? {
            UnsafePointer(stored(values.isEmpty ? Array(repeating: 1, count: Int(count)) : values)!.assumingMemoryBound(to: Float.self))
        }
        func inMemory(_ values: [Int], or floats: [Float]) -> UnsafeRawPointer? {
            UnsafeRawPointer(floats.isEmpty ? stored(values.map { sk_act($0 + offsetInMemory) }) : stored(floats))
        }

        var params = sk_params()
        params.weights = bytes(weights, or: 0)
        let biases = bias.isEmpty ? Array(repeating: 0, count: Int(shape.out_c)) : bias
        params.bias = UnsafePointer(stored(biases)!.assumingMemoryBound(to: Int32.self))
        params.multiplier = reals(multiplier, or: shape.out_c)
        params.out_factor = reals(outFactor, or: shape.out_c)
        params.in_zero = bytes(inZero, or: shape.in_c)
        params.in2_zero = bytes(secondZero, or: shape.out_c)
        params.in2_multiplier = reals(secondMultiplier, or: shape.out_c)
        params.out_zero = bytes(outZero, or: shape.out_c)
        params.table = UnsafePointer(stored(table)!.assumingMemoryBound(to: UInt8.self))
        params.scale = reals(scale, or: shape.out_c)
        params.offset = reals(offset, or: shape.out_c)
        params.weights_f32 = reals(floatWeights, or: 0)
        params.bias_f32 = reals(floatBias.isEmpty ? Array(repeating: 0, count: Int(shape.out_c)) : floatBias, or: 0)

        let out = block(byteCount)
        var shape = shape
        withUnsafePointer(to: &shape) { shape in
            let packed = stored([UInt8](repeating: 0, count: Int(kernel.packed_bytes?(shape) ?? 0)))
            let scratch = stored([UInt8](repeating: 0, count: Int(kernel.scratch_bytes?(shape, 1) ?? 0)))
            kernel.pack?(shape, &params, packed)
            var call = sk_call(
                shape: shape, packed: packed, in: inMemory(input, or: floats), in2: inMemory(second, or: secondFloats),
                out: out.baseAddress, scratch: scratch, channel_begin: 0, channel_end: 0)
            kernel.run(&call, 0, 1)
        }
        return out
    }
}
