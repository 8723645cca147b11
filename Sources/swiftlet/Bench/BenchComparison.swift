// Not on boards, whose programs are small: files are compared where they are collected.
#if !hasFeature(Embedded)
import SwiftletRuntime

/// Two files of `bench --json` side by side: which rows differ by more than noise.
struct BenchComparison {
    /// A combination that both have.
    private struct Pair {
        let name: String
        let precision: String
        let threads: Int
        let batch: Int
        let before: BenchSample
        let after: BenchSample
        /// How many times as long it takes, and where that lies by the bootstrap.
        let ratio: Double
        let range: ClosedRange<Double>

        var isSlower: Bool { range.lowerBound > 1 }
        var isFaster: Bool { range.upperBound < 1 }
    }

    private var pairs: [Pair] = []
    private var notes: [String] = []

    /// - Parameters:
    ///   - before: the baseline's path.
    ///   - after: the path of what is compared with it.
    init(_ before: String, _ after: String) throws(ToolError) {
        let (old, new) = (try BenchComparison.read(before), try BenchComparison.read(after))
        for key in ["cpu", "isa", "version"] {
            let (a, b) = (old["device"][key].text ?? "", new["device"][key].text ?? "")
            if !areEqual(a, b) { notes.append("\(key) differs: \(Table.cell(a)), \(Table.cell(b))") }
        }
        var unmatched = 0
        for row in new["rows"].elements {
            guard let match = old["rows"].elements.first(where: { BenchComparison.areAlike($0, row) }) else {
                unmatched += 1
                continue
            }
            pairs.append(try BenchComparison.pair(match, row, before, after))
        }
        if unmatched > 0 { notes.append("\(unmatched) rows of \(Table.cell(after)) are not in \(Table.cell(before))") }
        guard !pairs.isEmpty else { throw .badInput("\(after): no row that \(before) has, too") }
    }

    /// - Parameter limit: percent; nil: none.
    /// - Throws: a failure where a row is slower by more than the limit and by more than noise.
    func report(failAbove limit: Double?) throws(ToolError) {
        var table = Table([
            .text("model"), .text("prec"), .number("thr"), .number("n"), .number("before ms"), .number("after ms"), .number("ratio"),
            .text("99 %"), .text(""),
        ])
        for pair in pairs {
            table.add([
                shortened(pair.name, to: 32), pair.precision, "\(pair.threads)", "\(pair.batch)", fixed(pair.before.value, 3),
                fixed(pair.after.value, 3), fixed(pair.ratio, 3),
                "\(fixed(pair.range.lowerBound, 3))-\(fixed(pair.range.upperBound, 3))",
                pair.isSlower ? "slower" : pair.isFaster ? "faster" : "",
            ])
        }
        let slower = pairs.filter { $0.isSlower }
        var text = table.text
        for note in notes { text += "note: " + note + "\n" }
        text += "times that a tenth of the runs stay below; 99 % of the bootstrap's ratios\n"
        text += "\(pairs.count) rows: \(slower.count) slower, \(pairs.filter { $0.isFaster }.count) faster, by more than noise\n"
        try Console.write(text)
        guard let limit else { return }
        let failing = slower.filter { $0.ratio > 1 + limit / 100 }
        if !failing.isEmpty { throw .failed("\(failing.count) of \(pairs.count) rows are slower by more than \(fixed(limit, 2)) %") }
    }

    private static func read(_ path: String) throws(ToolError) -> JSONValue {
        let value = try JSONValue.read(path)
        guard !value["rows"].elements.isEmpty else { throw .badInput("\(path): no rows of swiftlet bench --json") }
        return value
    }

    private static func areAlike(_ a: JSONValue, _ b: JSONValue) -> Bool {
        for key in ["model", "precision"] where !areEqual(a[key].text ?? "", b[key].text ?? "") { return false }
        return a["threads"].number == b["threads"].number && a["batch"].number == b["batch"].number
    }

    private static func pair(_ old: JSONValue, _ new: JSONValue, _ before: String, _ after: String) throws(ToolError) -> Pair {
        guard let a = BenchSample(old) else { throw .badInput("\(before): a row without rounds_ms, or with times that are none") }
        guard let b = BenchSample(new) else { throw .badInput("\(after): a row without rounds_ms, or with times that are none") }
        return Pair(
            name: new["model"].text ?? "", precision: new["precision"].text ?? "", threads: Int(new["threads"].number ?? 0),
            batch: Int(new["batch"].number ?? 0), before: a, after: b, ratio: b.value / a.value, range: BenchSample.ratios(b, a))
    }
}
#endif
