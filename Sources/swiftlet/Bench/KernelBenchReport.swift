import CKernels
import SwiftletRuntime

/// The times of kernels on shapes as text: a line for each, then a line a kernel.
struct KernelBenchReport {
    /// A kernel over all shapes that it was timed on.
    private struct Summary {
        var shapes = 0
        var picks = 0
        var nanoseconds = 0.0
        var shares = GeometricMean()
        var speeds = GeometricMean()
    }

    private let kernels: UnsafeBufferPointer<sk_kernel>
    private let peaks: CorePeaks
    private let isa: sk_isa
    /// One a kernel.
    private var summaries: [Summary]
    private var rows = Table([
        .text("operator"), .text("shape"), .text("  kernel"), .number("us"), .number("GMAC/s"), .number("peak %"), .text("note"),
    ])

    init(kernels: UnsafeBufferPointer<sk_kernel>, peaks: CorePeaks, isa: sk_isa) {
        self.kernels = kernels
        self.peaks = peaks
        self.isa = isa
        summaries = [Summary](repeating: Summary(), count: kernels.count)
    }

    mutating func add(_ run: KernelBenchRun, of shape: KernelBenchShape, isPick: Bool) {
        let kernel = run.kernel.pointee
        let index = run.kernel - kernels.baseAddress!
        var cells = ["", "", ""]
        if isPick { summaries[index].picks += 1 }
        if run.skipped == nil {
            summaries[index].shapes += 1
            summaries[index].nanoseconds += run.nanoseconds
            cells[0] = fixed(run.nanoseconds / 1000, 3)
            if shape.multiplyAccumulates > 0 {
                let speed = Double(shape.multiplyAccumulates) / run.nanoseconds
                summaries[index].speeds.add(speed)
                cells[1] = fixed(speed, 2)
                if let peak = peaks.gigaMACs(kernel.isa, isFloat: shape.kind.isFloat) {
                    summaries[index].shares.add(speed / peak)
                    cells[2] = fixed(100 * speed / peak, 1)
                }
            }
        }
        let name = (isPick ? "* " : "  ") + String(cString: kernel.name)
        rows.add([shape.kind.name, shape.text, name] + cells + [note(run)])
    }

    private func note(_ run: KernelBenchRun) -> String {
        if let estimate = run.skipped { return "skipped: would take about \(fixed(estimate / 1e6, 0)) ms" }
        return sk_isa_within(run.kernel.pointee.isa, isa) ? "" : "beyond SWIFTLET_ISA"
    }

    var text: String {
        var table = Table([
            .text("kernel"), .number("shapes"), .number("picks"), .number("us in all"), .number("mean GMAC/s"), .number("mean peak %"),
            .text("note"),
        ])
        for (kernel, summary) in zip(kernels, summaries) {
            let canRun = sk_cpu_has(kernel.isa)
            let speed = summary.speeds.value.map { fixed($0, 2) } ?? ""
            let share = summary.shares.value.map { fixed(100 * $0, 1) } ?? ""
            let note = !canRun ? "this processor lacks \(InstructionSet.name(kernel.isa))" : summary.shapes == 0 ? "no shape to time" : ""
            table.add([
                String(cString: kernel.name), "\(summary.shapes)", "\(summary.picks)",
                summary.shapes > 0 ? fixed(summary.nanoseconds / 1000, 1) : "", speed, share, note,
            ])
        }
        return peaks.text + "one thread, parameters and maps in the caches; * is the pick under \(InstructionSet.name(isa))\n\n" + rows.text
            + "\ngeometric means over the shapes of each kernel:\n" + table.text
    }
}

/// The geometric mean of positive numbers, without a library's logarithm: the board tool links none.
struct GeometricMean {
    private var count = 0
    private var logarithms = 0.0

    mutating func add(_ value: Double) {
        count += 1
        logarithms += GeometricMean.logarithm(value)
    }

    /// nil of no numbers.
    var value: Double? {
        count > 0 ? GeometricMean.power(logarithms / Double(count)) : nil
    }

    /// To base 2, a binary digit of the fraction at a time: squaring doubles a logarithm.
    private static func logarithm(_ value: Double) -> Double {
        var result = Double(value.exponent)
        var rest = value.significand
        var digit = 0.5
        for _ in 0..<30 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                result += digit
            }
            digit /= 2
        }
        return result
    }

    /// 2 to the power of `exponent`: a square root of 2 for each binary digit of the fraction.
    private static func power(_ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        var fraction = exponent - whole
        var root = 2.0
        var result = Double(sign: .plus, exponent: Int(whole), significand: 1)
        for _ in 0..<30 {
            root = root.squareRoot()
            fraction *= 2
            if fraction >= 1 {
                fraction -= 1
                result *= root
            }
        }
        return result
    }
}
