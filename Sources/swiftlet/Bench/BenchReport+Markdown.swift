// Not on boards, whose programs are small: Targets/report.py makes a table of what they send.
#if !hasFeature(Embedded)
import SwiftletRuntime

extension BenchReport {
    /// All columns as a table, and the warnings below.
    var markdown: String {
        guard let first = rows.first else { return "" }
        let titles = columns(first).map { $0.key }
        var text = line(titles) + "|" + repeated(" --- |", titles.count) + "\n"
        for row in rows { text += line(columns(row).map { joined(split(singleLine($0.value ?? ""), UInt8(ascii: "|")), "\\|") }) }
        for warning in warnings { text += "\n" + warning + "\n" }
        return text
    }

    private func line(_ cells: [String]) -> String { "| " + joined(cells, " | ") + " |\n" }
}
#endif
