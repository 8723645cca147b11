import CKernels
import CPlatform
import SwiftletRuntime

/// What this core can do at most: multiply-accumulates a second, by instruction set and type, and bytes copied within its first-level
/// cache.
struct CorePeaks {
    private struct Peak {
        let isa: sk_isa
        let isFloat: Bool
        let gigaMACs: Double
    }

    private var peaks: [Peak] = []
    /// Bytes read and written a nanosecond by copying a block of 8 KiB.
    let copiedBytes: Double

    /// All kernels of this build.
    static var kernels: UnsafeBufferPointer<sk_kernel> {
        var count: Int32 = 0
        let first = sk_kernels(&count)
        return UnsafeBufferPointer(start: first, count: Int(count))
    }

    /// Measures loops that do nothing else, for each instruction set that the processor and some kernel have.
    init() {
        copiedBytes = CorePeaks.measureCopying()
        var isas: [sk_isa] = []
        for kernel in CorePeaks.kernels where sk_cpu_has(kernel.isa) && !isas.contains(kernel.isa) { isas.append(kernel.isa) }
        for isa in isas {
            for isFloat in [false, true] {
                let best = CorePeaks.measure(isa, isFloat)
                if best > 0 { peaks.append(Peak(isa: isa, isFloat: isFloat, gigaMACs: best)) }
            }
        }
    }

    /// GMAC/s; nil where there is no loop for it.
    func gigaMACs(_ isa: sk_isa, isFloat: Bool) -> Double? {
        peaks.first { $0.isa == isa && $0.isFloat == isFloat }?.gigaMACs
    }

    var text: String {
        guard !peaks.isEmpty else { return "no loop to measure this core's peak with\n" }
        let words = peaks.map { "\(InstructionSet.name($0.isa)) \($0.isFloat ? "fp32" : "int8") \(fixed($0.gigaMACs, 1))" }
        return "peak GMAC/s of this core: \(joined(words, ", "))\n"
    }

    /// The best of some 50 repetitions of some tens of microseconds.
    private static func measure(_ isa: sk_isa, _ isFloat: Bool) -> Double {
        var best = 0.0
        for _ in 0..<50 {
            let started = sp_nanoseconds()
            let count = sk_peak_loop(isa, isFloat, 100)
            best = max(best, Double(count) / Double(max(1, sp_nanoseconds() - started)))
        }
        return best
    }

    private static func measureCopying() -> Double {
        let size = 8192
        let copies = 200
        guard let block = sp_allocate(2 * size) else { return 0 }
        defer { sp_free(block) }
        var best = 0.0
        for _ in 0..<50 {
            let started = sp_nanoseconds()
            for _ in 0..<copies { (block + size).copyMemory(from: block, byteCount: size) }
            best = max(best, Double(2 * size * copies) / Double(max(1, sp_nanoseconds() - started)))
        }
        return best
    }
}
