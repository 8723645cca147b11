import SwiftletRuntime

/// A row's figures as JSON, CSV and Markdown have them: written once, so that they agree to the digit.
struct BenchColumn {
    let key: String
    /// nil: not known.
    let value: String?
    var isText = false
}

/// Columns one after the other. Functions, not a literal, which would take 15 KB of a board's program.
private struct BenchColumns {
    var list: [BenchColumn] = []

    @inline(never)
    mutating func add(_ key: String, number value: String?) { list.append(BenchColumn(key: key, value: value)) }
    @inline(never)
    mutating func add(_ key: String, text: String) { list.append(BenchColumn(key: key, value: text, isText: true)) }
    @inline(never)
    mutating func add(_ key: String, _ value: Int?) { add(key, number: value.map { "\($0)" }) }
    @inline(never)
    mutating func add(_ key: String, _ value: Double?, _ digits: Int) { add(key, number: value.map { fixed($0, digits) }) }
}

extension BenchReport {
    /// All of a row's columns.
    func columns(_ row: BenchRow) -> [BenchColumn] {
        var columns = BenchColumns()
        columns.add("model", text: row.model)
        columns.add("precision", text: row.precision)
        columns.add("threads", row.threads)
        columns.add("threads_running", row.threadsRunning)
        columns.add("batch", row.batch)
        columns.add("parameters", row.parameters)
        columns.add("flops", number: "\(row.operations)")
        columns.add("file_bytes", row.fileSize)
        columns.add("min_ms", row.minimum, 4)
        columns.add("median_ms", row.median, 4)
        columns.add("mean_ms", row.mean, 4)
        columns.add("p90_ms", row.percentile(90), 4)
        columns.add("p99_ms", row.percentile(99), 4)
        columns.add("stddev_ms", row.standardDeviation, 4)
        columns.add("images_per_s", row.picturesPerSecond, 1)
        columns.add("speedup", speedup(row), 3)
        columns.add("over_fp32", overFloat(row), 3)
        columns.add("peak_memory_bytes", row.memory)
        columns.add("peak_memory_mib", Double(row.memory) / 1_048_576, 1)
        columns.add("load_ms", row.load, 3)
        columns.add("first_ms", row.first, 3)
        columns.add("energy_mj", row.energyOfPicture, 3)
        columns.add("clock_mhz", row.conditions.megahertz)
        columns.add("temperature_c", row.conditions.temperature, 1)
        columns.add("reference_ms", number: plan.reference?.milliseconds(row))
        columns.add("runs", row.times.count)
        return columns.list
    }

    /// How many times as fast as with one thread; nil where that was not measured.
    func speedup(_ row: BenchRow) -> Double? {
        let single = rows.first {
            areAlike($0, row) && $0.threads == 1 && areEqual($0.precision, row.precision) && areEqual($0.model, row.model)
        }
        return single.map { $0.median / row.median }
    }

    /// How many times as fast int8 is as FP32 of the same network, threads and batch.
    func overFloat(_ row: BenchRow) -> Double? {
        guard areEqual(row.precision, "int8") else { return nil }
        let float = rows.first { areAlike($0, row) && $0.threads == row.threads && areEqual($0.precision, "fp32") }
        return float.map { $0.median / row.median }
    }

    private func areAlike(_ a: BenchRow, _ b: BenchRow) -> Bool { a.batch == b.batch && areEqual(a.network, b.network) }
}
