// Not on boards, whose programs are small: files are compared where they are collected.
#if !hasFeature(Embedded)
import SwiftletRuntime

/// A row's times as a file keeps them: by round, quantiles from the shortest to the longest.
struct BenchSample {
    private let rounds: [[Double]]
    private let runsOfRound: Double
    private static let repetitions = 1000
    /// Of a round's runs, the tenth that is fastest is the one that other processes disturbed least; a slower kernel slows it as well.
    private static let share = 0.1

    /// Nil where a row has no such times.
    init?(_ row: JSONValue) {
        var rounds: [[Double]] = []
        for round in row["rounds_ms"].elements {
            var times: [Double] = []
            for time in round.elements {
                guard let time = time.number, time > 0, time < 1e9, time >= times.last ?? 0 else { return nil }
                times.append(time)
            }
            guard !times.isEmpty else { return nil }
            rounds.append(times)
        }
        guard !rounds.isEmpty, let runs = row["runs"].number, runs >= 1 else { return nil }
        self.rounds = rounds
        runsOfRound = runs / Double(rounds.count)
    }

    /// Milliseconds that a tenth of the runs stay below: the median of the rounds.
    var value: Double { BenchSample.middle(rounds.map { BenchRow.quantile($0, BenchSample.share) }) }

    /// Where the ratio of two samples' values lies, in 99 of 100 cases, by the bootstrap.
    static func ratios(_ a: BenchSample, _ b: BenchSample) -> ClosedRange<Double> {
        var random = SplitMix64(seed: 1)
        var ratios = (0..<repetitions).map { _ in a.resampled(&random) / b.resampled(&random) }
        ratios.sort()
        return BenchRow.quantile(ratios, 0.005)...BenchRow.quantile(ratios, 0.995)
    }

    /// The value of as many rounds drawn with replacement, of each as many runs: what a share p of n drawn runs stays below lies at a share
    /// of the round's runs that is nearly normally distributed, by p and p (1 - p) / (n + 2).
    private func resampled(_ random: inout SplitMix64) -> Double {
        let share = BenchSample.share
        let deviation = (share * (1 - share) / (runsOfRound + 2)).squareRoot()
        var values: [Double] = []
        for _ in rounds {
            let round = rounds[Int(random.next() % UInt64(rounds.count))]
            let place = share + Double(random.nextNormal()) * deviation
            values.append(BenchRow.quantile(round, min(max(place, 0), 1)))
        }
        return BenchSample.middle(values)
    }

    private static func middle(_ values: [Double]) -> Double { BenchRow.quantile(values.sorted(), 0.5) }
}
#endif
