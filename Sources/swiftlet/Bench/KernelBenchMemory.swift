import CKernels
import CPlatform
import SwiftletRuntime

/// Blocks as kernels want them, aligned and with slack, filled with random numbers; freed together.
///
/// A block repeats a few thousand numbers: enough for timing, and made in no time on a board. Their count is a prime, so that no two
/// channels are alike. Blocks begin at different offsets in a page, the same in every run: equal offsets, which large allocations
/// get, stall reads behind writes 4 KiB apart, and one kernel more than another.
final class KernelBenchMemory {
    private static let period = 4093
    private static let page = 4096
    private static let stagger = 17 * Int(SK_ALIGNMENT)

    private var blocks: [UnsafeMutableRawPointer] = []
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    deinit {
        for block in blocks { sp_free(block) }
    }

    /// `bytes` zeros.
    func block(_ bytes: WideCount) throws(ToolError) -> UnsafeMutableRawPointer {
        let page = KernelBenchMemory.page
        guard let size = bytes.within(Ceilings.arenaBytes), let block = sp_allocate(size + Int(SK_SLACK) + 2 * page) else {
            throw .failed("no memory for \(bytes.text) bytes")
        }
        blocks.append(block)
        return block.alignedUp(toMultipleOf: page) + blocks.count * KernelBenchMemory.stagger % page
    }

    func int8s(_ count: WideCount, _ range: ClosedRange<Int8>) throws(ToolError) -> UnsafeBufferPointer<Int8> {
        try values(count) { Int8.random(in: range, using: &$0) }
    }

    func int32s(_ count: WideCount, _ range: ClosedRange<Int32>) throws(ToolError) -> UnsafeBufferPointer<Int32> {
        try values(count) { Int32.random(in: range, using: &$0) }
    }

    /// Between half and twice `typical`.
    func factors(_ count: WideCount, around typical: Float) throws(ToolError) -> UnsafeBufferPointer<Float> {
        try values(count) { typical * (0.5 + 1.5 * Float($0.next() >> 40) / 0x1p24) }
    }

    /// About normally distributed around 0.
    func normals(_ count: WideCount, deviation: Float) throws(ToolError) -> UnsafeBufferPointer<Float> {
        try values(count) { deviation * $0.nextNormal() }
    }

    private func values<Value>(_ number: WideCount, _ draw: (inout SplitMix64) -> Value) throws(ToolError) -> UnsafeBufferPointer<Value> {
        guard number > WideCount(0) else { return UnsafeBufferPointer(start: nil, count: 0) }
        let memory = try block(number * MemoryLayout<Value>.stride)
        let count = Int(number.value)
        let values = memory.bindMemory(to: Value.self, capacity: count)
        for index in 0..<count {
            values[index] = index < KernelBenchMemory.period ? draw(&random) : values[index - KernelBenchMemory.period]
        }
        return UnsafeBufferPointer(start: values, count: count)
    }
}
