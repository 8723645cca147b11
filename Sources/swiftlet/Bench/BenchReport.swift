import CKernels
import CPlatform
import SwiftletRuntime

/// Measured rows with the machine they were measured on.
struct BenchReport {
    let rows: [BenchRow]
    let isa: sk_isa

    var processor: String {
        var name = [CChar](repeating: 0, count: 128)
        sp_cpu_name(&name, name.count)
        return name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    var device: String { "\(processor), \(sp_cpu_count()) processors, \(InstructionSet.name(isa))" }

    /// The columns of table and CSV, each with its decimals.
    private static let columns: [(title: String, digits: Int, value: @Sendable (BenchRow) -> Double)] = [
        ("min_ms", 3, { $0.minimum }), ("median_ms", 3, { $0.percentile(50) }), ("mean_ms", 3, { $0.mean }),
        ("p90_ms", 3, { $0.percentile(90) }), ("p99_ms", 3, { $0.percentile(99) }), ("images_per_s", 1, { $0.picturesPerSecond }),
        ("peak_memory_mib", 1, { Double($0.peakMemory) / 1_048_576 }),
    ]

    var table: String {
        var table = Table(
            [.text("model"), .text("precision"), .number("threads"), .number("batch")] + BenchReport.columns.map { .number($0.title) })
        for row in rows {
            table.add(
                [row.model, row.precision, "\(row.threads)", "\(row.batch)"] + BenchReport.columns.map { fixed($0.value(row), $0.digits) })
        }
        var text = device + "\n\n" + table.text
        for row in rows where row.threadsRunning < row.threads {
            text += "note: \(Table.cell(row.model)) asked for \(row.threads) threads and ran \(row.threadsRunning), one a processor\n"
        }
        for row in rows {
            guard let profile = row.profile else { continue }
            text +=
                "\n\(Table.cell(row.model)), \(row.precision), \(row.threads) threads, batch \(row.batch):\n"
                + OperatorTime.table(profile.operators) + profile.waitingText
        }
        return text
    }

    var csv: String {
        var text = joined(["model", "precision", "threads", "batch"] + BenchReport.columns.map { $0.title }, ",") + "\n"
        for row in rows {
            text +=
                joined(
                    [csvField(row.model), row.precision, "\(row.threads)", "\(row.batch)"]
                        + BenchReport.columns.map { fixed($0.value(row), $0.digits) }, ",") + "\n"
        }
        return text
    }

    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.key("device")
            json.object { json in
                json.field("cpu", processor)
                json.field("processors", Int(sp_cpu_count()))
                json.field("isa", InstructionSet.name(isa))
                json.field("version", Version.current)
            }
            json.key("rows")
            json.array { json in
                for row in rows { write(row, to: &json) }
            }
        }
        return json.text + "\n"
    }

    private func write(_ row: BenchRow, to json: inout JSONWriter) {
        json.object { json in
            json.field("model", row.model)
            json.field("precision", row.precision)
            json.field("threads", row.threads)
            json.field("threads_running", row.threadsRunning)
            json.field("batch", row.batch)
            for column in BenchReport.columns { json.field(column.title, column.value(row), digits: column.digits + 1) }
            json.field("runs", row.times.count)
            json.field("file_bytes", row.fileSize)
            guard let profile = row.profile else { return }
            json.field("handovers", profile.handOvers)
            json.field("waiting_ns", profile.waiting.map { Int($0) })
            json.key("operators")
            json.array { json in
                for time in profile.operators {
                    json.object { json in
                        json.field("name", time.name)
                        json.field("kind", time.kind)
                        json.field("kernel", time.kernel)
                        json.field("stage", time.stage)
                        json.field("ns", time.nanoseconds, digits: 0)
                        json.field("share", time.share, digits: 4)
                        json.field("macs", time.multiplyAccumulates)
                        json.field("gmacs_per_s", time.gigaMACs, digits: 2)
                        json.field("floor_ns", time.floor, digits: 0)
                    }
                }
            }
        }
    }
}
