import SwiftletRuntime

extension BenchReport {
    /// A run of each row for chrome://tracing and ui.perfetto.dev: a process a row, a lane a thread. Between two operators a thread waits
    /// for the others.
    var trace: String {
        var json = JSONWriter()
        json.object { json in
            json.field("displayTimeUnit", "ns")
            json.key("traceEvents")
            json.array { json in
                for (number, row) in rows.enumerated() { write(row, number, to: &json) }
            }
        }
        return json.text + "\n"
    }

    private func write(_ row: BenchRow, _ number: Int, to json: inout JSONWriter) {
        guard let run = row.run, let profile = row.profile else { return }
        let title = "\(row.model), \(row.precision), \(row.threads) threads, batch \(row.batch)"
        event("process_name", "M", number, 0, to: &json) { json in json.field("name", title) }
        let start = run.times.reduce(UInt64.max) { $1.begin > 0 ? min($0, $1.begin) : $0 }
        for (index, time) in run.times.enumerated() where time.begin > 0 {
            let (thread, stage) = (index / run.operators.count, index % run.operators.count)
            // Operators of one stage are carried through together; the first ones of a batch are in the stages of several pictures.
            let last = run.operators[stage]
            let first = stage > 0 ? min(run.operators[stage - 1] + 1, last) : 0
            let operation = profile.operators[last]
            let name = first < last ? profile.operators[first].name + " to " + operation.name : operation.name
            event(name, "X", number, thread, begin: time.begin - start, length: time.end - time.begin, to: &json) { json in
                json.field("kind", operation.kind)
                json.field("kernel", operation.kernel)
                json.field("macs", profile.operators[first...last].reduce(0) { $0 + $1.multiplyAccumulates })
            }
        }
    }

    private func event(
        _ name: String, _ phase: String, _ process: Int, _ thread: Int, begin: UInt64 = 0, length: UInt64 = 0, to json: inout JSONWriter,
        arguments: (inout JSONWriter) -> Void
    ) {
        json.object { json in
            json.field("name", name)
            json.field("ph", phase)
            json.field("pid", process)
            json.field("tid", thread)
            json.field("ts", Double(begin) / 1000, digits: 3)
            json.field("dur", Double(length) / 1000, digits: 3)
            json.key("args")
            json.object(arguments)
        }
    }
}
