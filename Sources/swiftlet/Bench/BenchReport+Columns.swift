import SwiftletRuntime

/// A row's figures as JSON, CSV and Markdown have them: written once, so that they agree to the digit.
struct BenchColumn {
    let key: String
    /// nil: not known.
    let value: String?
    var isText = false

    init(_ key: String, _ value: Double?, _ digits: Int) { (self.key, self.value) = (key, value.map { fixed($0, digits) }) }
    init(_ key: String, _ value: Int?) { (self.key, self.value) = (key, value.map { "\($0)" }) }
    init(_ key: String, text: String) { (self.key, value, isText) = (key, text, true) }
    init(_ key: String, number: String?) { (self.key, value) = (key, number) }
}

extension BenchReport {
    /// All of a row's columns.
    func columns(_ row: BenchRow) -> [BenchColumn] {
        [
            BenchColumn("model", text: row.model), BenchColumn("precision", text: row.precision), BenchColumn("threads", row.threads),
            BenchColumn("threads_running", row.threadsRunning), BenchColumn("batch", row.batch),
            BenchColumn("parameters", row.parameters), BenchColumn("flops", number: "\(row.operations)"),
            BenchColumn("file_bytes", row.fileSize), BenchColumn("min_ms", row.minimum, 4), BenchColumn("median_ms", row.median, 4),
            BenchColumn("mean_ms", row.mean, 4), BenchColumn("p90_ms", row.percentile(90), 4),
            BenchColumn("p99_ms", row.percentile(99), 4), BenchColumn("stddev_ms", row.standardDeviation, 4),
            BenchColumn("images_per_s", row.picturesPerSecond, 1), BenchColumn("speedup", speedup(row), 3),
            BenchColumn("over_fp32", overFloat(row), 3), BenchColumn("peak_memory_bytes", row.memory),
            BenchColumn("peak_memory_mib", Double(row.memory) / 1_048_576, 1), BenchColumn("load_ms", row.load, 3),
            BenchColumn("first_ms", row.first, 3), BenchColumn("energy_mj", row.energyOfPicture, 3),
            BenchColumn("clock_mhz", row.conditions.megahertz), BenchColumn("temperature_c", row.conditions.temperature, 1),
            BenchColumn("reference_ms", number: plan.reference?.milliseconds(row)), BenchColumn("runs", row.times.count),
        ]
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
