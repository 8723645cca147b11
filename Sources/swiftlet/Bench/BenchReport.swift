import CKernels
import CPlatform
import SwiftletRuntime

/// Measured rows with the machine they were measured on.
struct BenchReport {
    let rows: [BenchRow]
    let plan: BenchPlan
    let isa: sk_isa
    /// The machine's state before and after.
    let begin: BenchConditions
    let end: BenchConditions
    /// Interrupted: not all is there that was asked for.
    let isPartial: Bool

    var processor: String {
        var name = [CChar](repeating: 0, count: 128)
        sp_cpu_name(&name, name.count)
        return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    /// What may make the figures worth less.
    var warnings: [String] {
        var warnings: [String] = []
        let stolen = end.stolen(since: begin)
        if stolen > 0.01 { warnings.append(fixed(stolen * 100, 1) + " % of the processors' time went to others of their host") }
        // By the minute's mean itself a machine that was measured before looks busy.
        if begin.load > 0.5 { warnings.append("other processes were at work: a load of " + fixed(begin.load, 2) + " at the begin") }
        if !end.isPerformance { warnings.append("the clocks' governor is not performance") }
        for row in rows where row.conditions.isSlow {
            warnings.append("clocks below their highest: \(row.conditions.megahertz ?? 0) MHz")
            break
        }
        for row in rows where row.threadsRunning < row.threads {
            warnings.append("\(row.threads) threads were asked for, \(row.threadsRunning) ran: one a processor")
            break
        }
        if isPartial { warnings.append("interrupted: \(rows.count) of \(plan.combinations) measurements") }
        return warnings
    }

    var csv: String {
        guard let first = rows.first else { return "" }
        var text = joined(columns(first).map { $0.key }, ",") + "\n"
        for row in rows { text += joined(columns(row).map { csvField($0.value ?? "") }, ",") + "\n" }
        return text
    }
}
