import CKernels
import CPlatform
import SwiftletArchitectures
import SwiftletRuntime

/// Measures a plan's combinations, in rounds over all of them.
struct BenchRun {
    private let plan: BenchPlan
    private let isa: sk_isa
    private let peaks: CorePeaks?
    /// By source, number of threads, batch.
    private var rows: [BenchRow] = []
    private var progress = ProgressLine()
    private let begin = BenchConditions.now()

    init(_ plan: BenchPlan, isa: sk_isa) {
        (self.plan, self.isa) = (plan, isa)
        peaks = plan.profiles ? CorePeaks() : nil
    }

    /// Ends early when the process is interrupted: with what has been measured by then.
    mutating func measure() throws(ToolError) -> BenchReport {
        _ = sp_interruptions()
        for round in 0..<plan.rounds where !isInterrupted {
            for source in plan.sources.indices where !isInterrupted { try measure(source, round) }
        }
        progress.clear()
        return BenchReport(
            rows: rows.filter { !$0.times.isEmpty }, plan: plan, isa: isa, begin: begin, end: .now(), isPartial: isInterrupted)
    }

    private var isInterrupted: Bool { sp_interruptions() > 0 }

    /// A round of a source's combinations. Its model is made anew, so that a table of many models needs the memory of one.
    private mutating func measure(_ source: Int, _ round: Int) throws(ToolError) {
        let (model, load) = try plan.sources[source].load(isa: isa, allowsLarge: plan.allowsLarge)
        var index = source * plan.threads.count * plan.batches.count
        for threads in plan.threads {
            for batch in plan.batches where !isInterrupted {
                if round == 0 { rows.append(plan.sources[source].row(model, threads: threads, batch: batch, load: load)) }
                progress.update(round * plan.combinations + index, of: plan.rounds * plan.combinations, "measurements")
                sp_sleep(Int32(plan.coolDown))
                try measure(model, &rows[index], round)
                index += 1
            }
        }
    }

    private func measure(_ model: Model, _ row: inout BenchRow, _ round: Int) throws(ToolError) {
        let session = try ModelFile.session(model, threads: row.threads, batch: row.batch)
        try BenchRun.setNoise(session)
        if round == 0 {
            row.threadsRunning = session.threads
            row.memory = model.memoryBytes + session.memoryBytes
            row.first = BenchRun.milliseconds { session.run() }
        }
        // What the first round has warmed up was only pushed out of the caches since.
        for _ in 0..<(round == 0 ? plan.warmup : min(plan.warmup, 3)) where !isInterrupted { session.run() }
        var times: [Double] = []
        let before = BenchConditions.now()
        let started = sp_nanoseconds()
        repeat {
            times.append(BenchRun.milliseconds { session.run() })
        } while !isInterrupted && !plan.isDone(times.count, nanoseconds: sp_nanoseconds() - started, round: round)
        let seconds = Double(sp_nanoseconds() - started) / 1e9
        let after = BenchConditions.now()
        row.energy = after.energy(since: before, seconds: seconds).map { (row.energy ?? 0) + $0 }
        row.conditions = row.conditions.worst(after)
        row.add(times)
        guard let peaks, round == plan.rounds - 1, !isInterrupted else { return }
        row.profile = Profile.measure(session, runs: min(row.times.count, 200), peaks)
        guard plan.traces else { return }
        let traced = try ModelFile.session(model, threads: row.threads, batch: row.batch)
        try BenchRun.setNoise(traced)
        row.run = TracedRun(traced)
    }

    private static func milliseconds(_ body: () -> Void) -> Double {
        let before = sp_nanoseconds()
        body()
        return Double(sp_nanoseconds() - before) / 1e6
    }

    /// The same random values in every run on every machine, about as pictures are after normalizing.
    private static func setNoise(_ session: Session) throws(ToolError) {
        let input = session.model.inputTensor
        var random = SplitMix64(seed: 1)
        for picture in 0..<session.batch {
            let values = (0..<Int(input.valueCount.value)).map { _ in random.nextNormal() }  // the reader has checked that they fit
            try ToolError.wrapping { () throws(SwiftletError) in
                try values.withUnsafeBufferPointer { values throws(SwiftletError) in try session.setInput(values: values, at: picture) }
            }
        }
    }
}
