import CPlatform
import SwiftletRuntime

extension BenchReport {
    /// Longer names would not leave room for the figures in 100 columns.
    private static let nameWidth = 32

    /// For a terminal: times, then what models take, then profiles.
    var table: String {
        var text = "\(processor), \(sp_cpu_count()) processors, \(InstructionSet.name(isa))\n"
        text += "milliseconds a run" + (plan.reference.map { "; \($0.name): \($0.source)" } ?? "") + "\n\n"
        text += times + "\n" + costs
        for warning in warnings { text += "warning: " + warning + "\n" }
        for row in rows {
            guard let profile = row.profile else { continue }
            text +=
                "\n\(Table.cell(row.model)), \(row.precision), \(row.threads) threads, batch \(row.batch):\n"
                + OperatorTime.table(profile.operators) + profile.waitingText
        }
        return text
    }

    private var times: String {
        var titles = ["min", "median", "p99", "img/s", "x thr", "x fp32"]
        if let reference = plan.reference { titles.append(reference.name) }
        var table = Table([.text("model"), .text("prec"), .number("thr"), .number("n")] + titles.map { .number($0) })
        for row in rows {
            var cells = [shortened(row.model, to: BenchReport.nameWidth), row.precision, "\(row.threads)", "\(row.batch)"]
            for time in [row.minimum, row.median, row.percentile(99)] { cells.append(BenchReport.short(time)) }
            cells.append(fixed(row.picturesPerSecond, row.picturesPerSecond < 100 ? 1 : 0))
            for ratio in [speedup(row), overFloat(row)] { cells.append(ratio.map { fixed($0, 2) } ?? "") }
            if let reference = plan.reference { cells.append(reference.milliseconds(row) ?? "") }
            table.add(cells)
        }
        return table.text
    }

    /// A line a model, of its first combination.
    private var costs: String {
        let hasEnergy = rows.contains { $0.energy != nil }
        let titles = ["params M", "GFLOP", "file MB", "load ms", "first ms", "memory MiB"] + (hasEnergy ? ["mJ"] : [])
        var table = Table([.text("model"), .text("prec")] + titles.map { .number($0) })
        for (index, row) in rows.enumerated() {
            if index > 0, areEqual(rows[index - 1].model, row.model), areEqual(rows[index - 1].precision, row.precision) { continue }
            table.add(
                [
                    shortened(row.model, to: BenchReport.nameWidth), row.precision, fixed(Double(row.parameters) / 1e6, 2),
                    fixed(Double(row.operations) / 1e9, 3), fixed(Double(row.fileSize) / 1e6, 2), BenchReport.short(row.load),
                    BenchReport.short(row.first), fixed(Double(row.memory) / 1_048_576, 1),
                ] + (hasEnergy ? [row.energyOfPicture.map { fixed($0, 2) } ?? ""] : []))
        }
        return table.text
    }

    /// At most six characters up to a quarter of an hour.
    private static func short(_ milliseconds: Double) -> String {
        fixed(milliseconds, milliseconds < 100 ? 3 : milliseconds < 1000 ? 2 : 0)
    }
}
