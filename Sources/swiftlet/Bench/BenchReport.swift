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
        if stolen > 0.01 { warnings.append("a hypervisor gave \(fixed(stolen * 100, 1)) % of the processors' time to others") }
        // By the minute's mean itself a machine that was measured before looks busy.
        if begin.load > 0.5 { warnings.append("other processes are at work: a load of \(fixed(begin.load, 2)) before the first measurement") }
        if !end.isPerformance { warnings.append("the clocks' governor is not performance") }
        if let slow = rows.first(where: { $0.conditions.isSlow }), let clock = slow.conditions.megahertz {
            warnings.append("the clock fell to \(clock) MHz of \(slow.conditions.highestMegahertz ?? 0): hot, or saving power")
        }
        if let row = rows.first(where: { $0.threadsRunning < $0.threads }) {
            warnings.append("\(row.threads) threads were asked for, \(row.threadsRunning) ran: one a processor")
        }
        if isPartial { warnings.append("interrupted: \(rows.count) of \(plan.combinations) measurements are here, some with fewer runs") }
        return warnings
    }

    var csv: String {
        lines(separator: ",", quote: { csvField($0) })
    }

    var markdown: String {
        let quote = { (text: String) in joined(split(singleLine(text), UInt8(ascii: "|")), "\\|") }
        let text = lines(separator: " | ", quote: quote)
        var result: [String] = []
        for line in split(text, UInt8(ascii: "\n")) where !line.utf8.isEmpty {
            result.append("| " + line + " |")
            if result.count == 1 { result.append("|" + repeated(" --- |", rows.first.map { columns($0).count } ?? 0)) }
        }
        return joined(result + warnings.map { "\n" + $0 }, "\n") + "\n"
    }

    /// The columns' keys, then a line a row.
    private func lines(separator: String, quote: (String) -> String) -> String {
        guard let first = rows.first else { return "" }
        var text = joined(columns(first).map { $0.key }, separator) + "\n"
        for row in rows {
            text += joined(columns(row).map { quote($0.value ?? "") }, separator) + "\n"
        }
        return text
    }
}
