/// The stages of an answer whose times are counted.
enum Stage: String {
    case queue, decode, resize, inference
}

/// Measures the stages of one model's work for its metrics.
struct StageClock: Sendable {
    let metrics: Metrics
    let model: String

    /// - Returns: what `work` gives, and the milliseconds that it took.
    func measure<Result, Failure: Error>(
        _ stage: Stage, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> (result: Result, milliseconds: Double) {
        let begin = ContinuousClock.now
        let result = try work()
        let seconds = begin.secondsUntilNow
        observe(stage, seconds: seconds)
        return (result, seconds * 1_000)
    }

    func observe(_ stage: Stage, seconds: Double) {
        metrics.observe(.stageSeconds, [("model", model), ("stage", stage.rawValue)], seconds)
    }
}

extension ContinuousClock.Instant {
    /// Seconds from this instant to now.
    var secondsUntilNow: Double { (ContinuousClock.now - self) / .seconds(1) }
}
