import SwiftletRuntime

/// One combination, measured.
struct BenchRow {
    let model: String
    /// What FP32 and int8 files of one network have in common.
    let network: String
    let precision: String
    let threads: Int
    let batch: Int
    let parameters: Int
    /// Of one picture.
    let multiplyAccumulates: Int64
    let fileSize: Int
    /// Threads that really ran: no more than there are processors.
    var threadsRunning = 0
    /// Bytes of packed weights, activations and the kernels' working memory.
    var memory = 0
    /// Milliseconds from the file's bytes to a model that is ready, and of the first run.
    var load = 0.0
    var first = 0.0
    /// Milliseconds of each run, by round, ascending.
    var rounds: [[Double]] = []
    /// Milliseconds of all runs, ascending.
    var times: [Double] = []
    /// Microjoules that the machine took while its pictures were computed; nil where it does not tell.
    var energy: Double?
    var conditions = BenchConditions()
    /// With --profile.
    var profile: Profile?
    /// With --trace.
    var run: TracedRun?

    /// Two a multiply-accumulate, for one picture.
    var operations: Int64 { 2 * min(multiplyAccumulates, Int64.max / 2) }
    var minimum: Double { times[0] }
    var median: Double { percentile(50) }
    var mean: Double { BenchRow.mean(times) }
    var picturesPerSecond: Double { 1000 * Double(batch) / median }
    /// Millijoules.
    var energyOfPicture: Double? { energy.map { $0 / 1000 / Double(times.count * batch) } }

    /// Of the runs, as of a sample.
    var standardDeviation: Double {
        let mean = mean
        return times.count < 2 ? 0 : (times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(times.count - 1)).squareRoot()
    }

    func percentile(_ percent: Double) -> Double { BenchRow.quantile(times, percent / 100) }

    mutating func add(_ round: [Double]) {
        rounds.append(round.sorted())
        times = (times + round).sorted()
    }

    /// The value below which a share of ascending values lies, linearly interpolated between the two nearest.
    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let position = share * Double(values.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, values.count - 1)
        return values[lower] + (values[upper] - values[lower]) * (position - Double(lower))
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
