import CPlatform
import SwiftletRuntime

extension BenchReport {
    /// Of how many values a round's times are kept, from the shortest to the longest.
    private static let quantiles = 21

    /// As Benchmarks/bench.schema.json describes it.
    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.key("device")
            writeDevice(&json)
            json.key("settings")
            writeSettings(&json)
            json.field("partial", isPartial)
            json.key("warnings")
            json.array { json in
                for warning in warnings { json.value(warning) }
            }
            json.key("rows")
            json.array { json in
                for row in rows { write(row, to: &json) }
            }
        }
        return json.text + "\n"
    }

    private func writeDevice(_ json: inout JSONWriter) {
        json.object { json in
            json.field("cpu", processor)
            json.field("processors", Int(sp_cpu_count()))
            json.field("isa", InstructionSet.name(isa))
            json.field("version", Version.current)
            if let commit = sp_environment("SWIFTLET_COMMIT") { json.field("commit", String(cString: commit)) }
            json.field("highest_mhz", number: begin.highestMegahertz.map { "\($0)" })
            json.field("load", begin.load, digits: 2)
            json.field("stolen", end.stolen(since: begin), digits: 4)
        }
    }

    private func writeSettings(_ json: inout JSONWriter) {
        json.object { json in
            json.field("warmup", plan.warmup)
            json.field("runs", number: plan.runs.map { "\($0)" })
            json.field("min_time_s", plan.seconds, digits: 0)
            json.field("cool_down_ms", plan.coolDown)
            json.field("rounds", plan.rounds)
            json.key("reference")
            if let reference = plan.reference { json.value(reference.source) } else { json.null() }
        }
    }

    private func write(_ row: BenchRow, to json: inout JSONWriter) {
        json.object { json in
            for column in columns(row) {
                if column.isText { json.field(column.key, column.value ?? "") } else { json.field(column.key, number: column.value) }
            }
            json.key("rounds_ms")
            json.array { json in
                for round in row.rounds {
                    json.array { json in
                        let last = min(round.count, BenchReport.quantiles) - 1
                        for place in 0...last {
                            json.value(BenchRow.quantile(round, last == 0 ? 0 : Double(place) / Double(last)), digits: 5)
                        }
                    }
                }
            }
            if let profile = row.profile { write(profile, to: &json) }
        }
    }

    private func write(_ profile: Profile, to json: inout JSONWriter) {
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
