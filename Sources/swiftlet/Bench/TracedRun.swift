import SwiftletRuntime

/// When each thread computed what in one run.
struct TracedRun {
    /// [threads][stages].
    let times: [StageTime]
    /// By stage, its last operator.
    let operators: [Int]

    /// - Parameter session: has not run yet, and its input is set.
    init(_ session: Session) {
        operators = session.stageOperators
        let times = UnsafeMutableBufferPointer<StageTime>.allocate(capacity: session.threads * operators.count)
        // A thread that comes late to a run has nothing left to compute, and notes nothing.
        defer { times.deallocate() }
        times.initialize(repeating: StageTime())
        session.note(times)
        for _ in 0..<10 { session.run() }
        times.update(repeating: StageTime())
        session.run()
        self.times = Array(times)
    }
}
