import CPlatform
import SwiftletRuntime

/// One combination, measured.
struct BenchRow {
    let model: String
    let precision: String
    /// Asked for, and really running: no more than there are processors.
    let threads: Int
    let threadsRunning: Int
    let batch: Int
    let fileSize: Int
    /// Milliseconds of each run, ascending.
    let times: [Double]
    /// The largest resident size of the process so far.
    let peakMemory: Int
    /// Nil where there is none.
    let profile: Profile?

    var minimum: Double { times[0] }
    var mean: Double { times.reduce(0, +) / Double(times.count) }
    var picturesPerSecond: Double { 1000 * Double(batch) / percentile(50) }

    /// Linearly interpolated between the two nearest runs.
    func percentile(_ percent: Double) -> Double {
        let position = percent / 100 * Double(times.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, times.count - 1)
        return times[lower] + (times[upper] - times[lower]) * (position - Double(lower))
    }

    /// - Parameter peaks: to profile against; nil: no profile.
    static func measure(_ model: Model, named name: String, threads: Int, batch: Int, _ plan: BenchPlan, peaks: CorePeaks?)
        throws(ToolError) -> BenchRow
    {
        let session = try ModelFile.session(model, threads: threads, batch: batch)
        try setNoise(session)
        for _ in 0..<plan.warmup { session.run() }
        var times: [Double] = []
        let started = sp_nanoseconds()
        while true {
            let before = sp_nanoseconds()
            session.run()
            let after = sp_nanoseconds()
            times.append(Double(after - before) / 1e6)
            if let runs = plan.runs {
                if times.count >= runs { break }
            } else if times.count >= 50, after - started > 1_000_000_000 {
                break
            }
        }
        let profile = peaks.map { Profile.measure(session, runs: min(times.count, 200), $0) }
        times.sort()
        return BenchRow(
            model: name, precision: precisionName(model), threads: threads, threadsRunning: session.threads, batch: batch,
            fileSize: model.fileSize, times: times, peakMemory: Int(sp_peak_memory()), profile: profile)
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
