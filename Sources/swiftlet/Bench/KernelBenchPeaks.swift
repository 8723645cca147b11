import CKernels
import CPlatform

/// This core's multiply-accumulates a second, by instruction set and type, from loops that do nothing else.
struct KernelBenchPeaks {
    private struct Peak {
        let isa: sk_isa
        let isFloat: Bool
        let gigaMACs: Double
    }

    private var peaks: [Peak] = []

    /// Measures those of `isas` that have a loop.
    init(_ isas: [sk_isa]) {
        for isa in isas {
            for isFloat in [false, true] {
                let best = KernelBenchPeaks.measure(isa, isFloat)
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
}
